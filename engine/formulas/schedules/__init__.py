"""Schedules of the learning rate, as PyTorch's torch.optim.lr_scheduler has them. A file for each."""
