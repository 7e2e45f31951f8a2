"""Vectors of three: of three rows' weights for one input, or of three samples' numbers for one node."""

from engine.kernels.operands import Formula, Values, Vector, Vectors


def pack_rows(first: Values, second: Values, third: Values, width: int, group: Vectors) -> None:
    """Puts three rows into vectors."""
    for i in range(width):
        group[i] = Vector(first[i], second[i], third[i])


def unpack_rows(group: Vectors, width: int, first: Values, second: Values, third: Values) -> None:
    """Takes three rows out of vectors."""
    for i in range(width):
        three = group[i]
        first[i] = three.x
        second[i] = three.y
        third[i] = three.z


def add_lanes(vectors: Vectors, width: int, sums: Values) -> None:
    """Each vector's three numbers together."""
    for i in range(width):
        three = vectors[i]
        sums[i] = three.x + three.y + three.z


def join(column: Values, vectors: Vectors, groups: int) -> None:
    """Puts a column's numbers into vectors."""
    for n in range(groups):
        vectors[n] = Vector(column[3 * n], column[3 * n + 1], column[3 * n + 2])


def split(vectors: Vectors, column: Values, groups: int) -> None:
    """Takes a column's numbers out of vectors."""
    for n in range(groups):
        three = vectors[n]
        column[3 * n] = three.x
        column[3 * n + 1] = three.y
        column[3 * n + 2] = three.z


def activate_vectors(sums: Vectors, groups: int, value: Formula) -> None:
    """Puts values in place of sums."""
    for n in range(groups):
        three = sums[n]
        x, y, z = three.x, three.y, three.z
        x = value(x)
        y = value(y)
        z = value(z)
        sums[n] = Vector(x, y, z)


def activate_apart(sums: Vectors, column: Values, groups: int, value: Formula) -> None:
    """Puts the values of sums into a column.

    In one turn what `activate_vectors` and `split` do in two: vectors that are only taken apart again are not made.
    """
    for n in range(groups):
        three = sums[n]
        x, y, z = three.x, three.y, three.z
        x = value(x)
        y = value(y)
        z = value(z)
        column[3 * n] = x
        column[3 * n + 1] = y
        column[3 * n + 2] = z
