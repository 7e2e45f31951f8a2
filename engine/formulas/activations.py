"""Activation functions, each with its derivative (its "slope") beside it.

``name(x)`` is the activation at the pre-activation ``x``; ``name_slope(x, y)`` is its derivative there,
where ``y = name(x)`` may be used when that is cheaper. At a kink the slope is the one from the left.
What is not a number stays so: no activation may make an answer of it.

To add one: write the two functions here, then list them in `registry.ACTIVATIONS`.
"""

import math

LEAKY_SLOPE = 0.1

# math.exp is finite up to here; beyond, 1 / (1 + exp(-x)) and exp(x) are the same number.
EXP_LIMIT = 709.0

# Those with which activations keep mean 0 and variance 1 (Klambauer et al. 2017).
SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772
# Below this, e^x - 1 is -1 to the last bit.
EXP_MINUS_ONE_LIMIT = -37.5

# 2 √(2/π), and the share of the cube, with which a sigmoid comes near the normal distribution (Hendrycks and
# Gimpel 2016).
GELU_FACTOR = 1.5957691216057308
GELU_CUBE = 0.044715

# Below this, (cos x - sin x / x) / x loses digits and its Taylor series is exact to the last one or two.
SINC_SERIES_LIMIT = 0.1


def identity(x: float) -> float:
    """f(x) = x."""
    return x


def identity_slope(x: float, y: float) -> float:
    """f'(x) = 1."""
    return 1.0


def binary(x: float) -> float:
    """Heaviside step: 0 below zero, 1 from zero on."""
    return 0.0 if x < 0 else 1.0 if x >= 0 else x


def binary_slope(x: float, y: float) -> float:
    """f'(x) = 0 (the jump itself has no derivative)."""
    return 0.0


def sigmoid(x: float) -> float:
    """f(x) = 1 / (1 + e^-x)."""
    return 1.0 / (1.0 + math.exp(-x)) if x > -EXP_LIMIT else math.exp(x)


def sigmoid_slope(x: float, y: float) -> float:
    """f'(x) = y (1 - y)."""
    return y * (1.0 - y)


def tanh(x: float) -> float:
    """f(x) = tanh x."""
    return math.tanh(x)


def tanh_slope(x: float, y: float) -> float:
    """f'(x) = 1 - y²."""
    return 1.0 - y * y


def arctan(x: float) -> float:
    """f(x) = arctan x."""
    return math.atan(x)


def arctan_slope(x: float, y: float) -> float:
    """f'(x) = 1 / (1 + x²)."""
    return 1.0 / (1.0 + x * x)


def sine(x: float) -> float:
    """f(x) = sin x."""
    return math.sin(x)


def sine_slope(x: float, y: float) -> float:
    """f'(x) = cos x."""
    return math.cos(x)


def sinc(x: float) -> float:
    """f(x) = sin(x) / x, and 1 at zero."""
    return 1.0 if x == 0 else math.sin(x) / x


def sinc_series_slope(square: float) -> float:
    """Derivative of sinc divided by x, as its Taylor series in x² (four terms)."""
    return -1.0 / 3.0 + square * (1.0 / 30.0 + square * (-1.0 / 840.0 + square * (1.0 / 45360.0)))


def sinc_slope(x: float, y: float) -> float:
    """f'(x) = (cos x - f(x)) / x; near zero its Taylor series."""
    return x * sinc_series_slope(x * x) if math.fabs(x) < SINC_SERIES_LIMIT else (math.cos(x) - y) / x


def log_one_plus(x: float) -> float:
    """log(1 + x) for x >= 0, with all digits of a small x (Kahan; Higham, "Accuracy and Stability" §1.14.1)."""
    return x if 1.0 + x == 1.0 else math.log(1.0 + x) * x / ((1.0 + x) - 1.0)


def arsinh_of_magnitude(x: float) -> float:
    """Area hyperbolic sine for x >= 0: log(1 + x + x² / (1 + √(1 + x²)))."""
    return log_one_plus(x + x * x / (1.0 + math.sqrt(1.0 + x * x)))


def arsinh(x: float) -> float:
    """f(x) = arsinh x, an odd function."""
    return -arsinh_of_magnitude(-x) if x < 0 else arsinh_of_magnitude(x)


def arsinh_slope(x: float, y: float) -> float:
    """f'(x) = 1 / √(x² + 1)."""
    return 1.0 / math.sqrt(x * x + 1.0)


def softplus(x: float) -> float:
    """f(x) = log(1 + e^x), written so that e^x never overflows."""
    return (x if x > 0 else 0.0) + log_one_plus(math.exp(-math.fabs(x)))


def softplus_slope(x: float, y: float) -> float:
    """f'(x) = sigmoid x."""
    return sigmoid(x)


def bent_identity(x: float) -> float:
    """f(x) = (√(x² + 1) - 1) / 2 + x."""
    return (math.sqrt(x * x + 1.0) - 1.0) / 2.0 + x


def bent_identity_slope(x: float, y: float) -> float:
    """f'(x) = x / (2 √(x² + 1)) + 1."""
    return x / (2.0 * math.sqrt(x * x + 1.0)) + 1.0


def relu(x: float) -> float:
    """f(x) = max(x, 0)."""
    return 0.0 if x <= 0 else x


def relu_slope(x: float, y: float) -> float:
    """f'(x) = 1 above zero, else 0."""
    return 1.0 if x > 0 else 0.0


def leaky_relu(x: float) -> float:
    """f(x) = x above zero, else LEAKY_SLOPE x."""
    return x if x > 0 else LEAKY_SLOPE * x


def leaky_relu_slope(x: float, y: float) -> float:
    """f'(x) = 1 above zero, else LEAKY_SLOPE."""
    return 1.0 if x > 0 else LEAKY_SLOPE


def swish(x: float) -> float:
    """f(x) = x sigmoid x (Ramachandran et al. 2017; SiLU)."""
    return x * sigmoid(x)


def swish_slope(x: float, y: float) -> float:
    """f'(x) = y + sigmoid(x) (1 - y)."""
    return y + sigmoid(x) * (1.0 - y)


def elliot_sign(x: float) -> float:
    """f(x) = x / (1 + |x|) (Elliott 1993; softsign)."""
    return x / (1.0 + math.fabs(x))


def elliot_sign_slope(x: float, y: float) -> float:
    """f'(x) = 1 / (1 + |x|)²."""
    return 1.0 / ((1.0 + math.fabs(x)) * (1.0 + math.fabs(x)))


def gaussian(x: float) -> float:
    """f(x) = e^(-x²)."""
    return math.exp(-(x * x))


def gaussian_slope(x: float, y: float) -> float:
    """f'(x) = -2 x y."""
    return -2.0 * x * y


def sq_rbf_of_magnitude(x: float) -> float:
    """Square-law radial basis function for x >= 0: two parabolas that meet at 1 and end at 2."""
    return 1.0 - x * x / 2.0 if x <= 1 else 0.0 if x >= 2 else (2.0 - x) * (2.0 - x) / 2.0


def sq_rbf(x: float) -> float:
    """f(x) = 1 - x²/2 up to |x| = 1, (2 - |x|)²/2 up to 2, 0 beyond."""
    return sq_rbf_of_magnitude(math.fabs(x))


def sq_rbf_slope(x: float, y: float) -> float:
    """f'(x) = -x up to |x| = 1, x - 2 or x + 2 up to 2, 0 beyond."""
    return -x if math.fabs(x) <= 1 else (0.0 if math.fabs(x) >= 2 else x - 2.0 if x > 0 else x + 2.0)


def exp_minus_one_of(x: float, power: float) -> float:
    """e^x - 1 by the power e^x, with all digits of a small x (Kahan; Higham, "Accuracy and Stability" §1.14.1)."""
    return x if power == 1.0 else (power - 1.0) * x / math.log(power)


def exp_minus_one(x: float) -> float:
    """e^x - 1 for x <= 0."""
    return -1.0 if x < EXP_MINUS_ONE_LIMIT else exp_minus_one_of(x, math.exp(x))


def elu(x: float) -> float:
    """f(x) = x above zero, else e^x - 1 (Clevert et al. 2016)."""
    return x if x > 0 else exp_minus_one(x)


def elu_slope(x: float, y: float) -> float:
    """f'(x) = 1 above zero, else e^x."""
    return 1.0 if x > 0 else math.exp(x)


def selu(x: float) -> float:
    """f(x) = SELU_SCALE x above zero, else SELU_SCALE times SELU_ALPHA times (e^x - 1)."""
    return SELU_SCALE * (x if x > 0 else SELU_ALPHA * exp_minus_one(x))


def selu_slope(x: float, y: float) -> float:
    """f'(x) = SELU_SCALE above zero, else SELU_SCALE SELU_ALPHA e^x."""
    return SELU_SCALE * (1.0 if x > 0 else SELU_ALPHA * math.exp(x))


def gelu_gate(x: float) -> float:
    """What share of x comes through: near the normal distribution at x."""
    return sigmoid(GELU_FACTOR * x * (1.0 + GELU_CUBE * x * x))


def gelu(x: float) -> float:
    """f(x) = x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, as a sigmoid, which keeps the digits of the tail."""
    return x * gelu_gate(x)


def gelu_slope(x: float, y: float) -> float:
    """f'(x) = gate + y (1 - gate) times the derivative of what is in the sigmoid."""
    return gelu_gate(x) + y * (1.0 - gelu_gate(x)) * GELU_FACTOR * (1.0 + 3.0 * GELU_CUBE * x * x)


def mish(x: float) -> float:
    """f(x) = x tanh(log(1 + e^x)) (Misra 2019)."""
    return x * math.tanh(softplus(x))


def mish_slope_of(x: float, gate: float) -> float:
    """f'(x) by the gate tanh(log(1 + e^x))."""
    return gate + x * (1.0 - gate * gate) * sigmoid(x)


def mish_slope(x: float, y: float) -> float:
    """f'(x) = gate + x (1 - gate²) sigmoid x."""
    return mish_slope_of(x, math.tanh(softplus(x)))


def hard_sigmoid(x: float) -> float:
    """f(x) = x / 6 + 1/2 from -3 to 3, 0 below, 1 above."""
    return 0.0 if x <= -3 else 1.0 if x >= 3 else x / 6.0 + 0.5


def hard_sigmoid_slope(x: float, y: float) -> float:
    """f'(x) = 1/6 from -3 to 3, else 0."""
    return 0.0 if x <= -3 else 1.0 / 6.0 if x <= 3 else 0.0


def hard_tanh(x: float) -> float:
    """f(x) = x from -1 to 1, -1 below, 1 above."""
    return -1.0 if x <= -1 else 1.0 if x >= 1 else x


def hard_tanh_slope(x: float, y: float) -> float:
    """f'(x) = 1 from -1 to 1, else 0."""
    return 0.0 if x <= -1 else 1.0 if x <= 1 else 0.0
