"""Loops over numbers: each once, as plain Python, with what Luau and numpy make of it beside it.

The order of addition lives in `loops` and nowhere else. `schedules` says, as data, how Luau and LuaJIT get each loop;
`arrays` has the same loops for numpy, equal bit for bit.
"""
