"""Every loop over numbers, as plain Python: what all faster versions of it have to equal, to the last bit.

Rows are a layer's weights, a row for each node: ``rows[j][i]`` is the weight of node j for its input i, and from
``column`` on lie the weights of what a layer remembers. A sum grows from left to right.

A kernel is made of loops over ranges, of assignments and of ``+=``, with arithmetic, formulas and array elements in
them. What it calls `value`, `slope` or `update` comes in as an argument: the translation writes that formula out.
A call with names gives more than some formulas take, and these may take what only the caller knows, such as settings.
"""
