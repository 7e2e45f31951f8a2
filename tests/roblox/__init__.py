"""Judged by what is known of Roblox itself."""
