"""The formulas: plain scalar Python, written once.

Every function here is one ``return`` of arithmetic, comparisons, conditional expressions and calls.
As they stand they are the oracle of the tests; `engine.elementwise` turns them into numpy and
`codegen` turns them into Luau. `registry` lists the ones that users choose by name.
"""
