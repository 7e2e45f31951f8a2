"""The one list of the formulas that are chosen by name. The generator and the tests iterate it."""

from collections.abc import Mapping
from math import inf, pi

from engine.formulas import activations as a
from engine.formulas import regularization
from engine.formulas.initializers import (
    HE_NORMAL,
    HE_UNIFORM,
    LECUN_NORMAL,
    LECUN_UNIFORM,
    XAVIER_NORMAL,
    XAVIER_UNIFORM,
    ZEROS,
)
from engine.formulas.losses.cross_entropy import BINARY_CROSS_ENTROPY, CATEGORICAL_CROSS_ENTROPY
from engine.formulas.losses.half_squared_error import HALF_SQUARED_ERROR
from engine.formulas.losses.huber import HUBER
from engine.formulas.losses.mean_absolute_error import MEAN_ABSOLUTE_ERROR
from engine.formulas.losses.mean_squared_error import MEAN_SQUARED_ERROR
from engine.formulas.optimizers.adagrad import ADAGRAD
from engine.formulas.optimizers.adam import ADAM
from engine.formulas.optimizers.adamw import ADAMW
from engine.formulas.optimizers.levenberg_marquardt import LEVENBERG_MARQUARDT
from engine.formulas.optimizers.lion import LION
from engine.formulas.optimizers.momentum import MOMENTUM
from engine.formulas.optimizers.nadam import NADAM
from engine.formulas.optimizers.nesterov import NESTEROV
from engine.formulas.optimizers.rmsprop import RMSPROP
from engine.formulas.optimizers.sgd import SGD
from engine.formulas.records import (
    Activation,
    Initializer,
    LeastSquares,
    Loss,
    Optimizer,
    OutputActivation,
    RateSchedule,
    ScalerKind,
    Setting,
)
from engine.formulas.scalers.min_max import MIN_MAX
from engine.formulas.scalers.robust import ROBUST
from engine.formulas.scalers.standard import STANDARD
from engine.formulas.schedules.constant import CONSTANT
from engine.formulas.schedules.cosine import COSINE
from engine.formulas.schedules.cosine_restarts import COSINE_RESTARTS
from engine.formulas.schedules.exponential import EXPONENTIAL
from engine.formulas.schedules.on_plateau import ON_PLATEAU
from engine.formulas.schedules.step import STEP
from engine.formulas.schedules.warm_up import WARM_UP
from engine.formulas.softmax import SOFTMAX
from engine.named import by_name

INITIALIZERS: Mapping[str, Initializer] = by_name(
    HE_UNIFORM, HE_NORMAL, XAVIER_UNIFORM, XAVIER_NORMAL, LECUN_UNIFORM, LECUN_NORMAL, ZEROS
)
# How weights start before what lets through one half of all numbers, more or less (He et al. 2015).
RECTIFIED = HE_UNIFORM.name

# The ends of their ranges stand behind their formulas; those that are no simple numbers are lowest where slopes are 0.
ACTIVATIONS: Mapping[str, Activation] = by_name(
    Activation("Identity", a.identity, a.identity_slope, -inf, inf),
    Activation("Binary", a.binary, a.binary_slope, 0.0, 1.0),
    Activation("Sigmoid", a.sigmoid, a.sigmoid_slope, 0.0, 1.0),
    Activation("Tanh", a.tanh, a.tanh_slope, -1.0, 1.0),
    Activation("ArcTan", a.arctan, a.arctan_slope, -pi / 2.0, pi / 2.0),
    Activation("Sin", a.sine, a.sine_slope, -1.0, 1.0),
    Activation("Sinc", a.sinc, a.sinc_slope, -0.21723362821122166, 1.0),
    Activation("ArSinh", a.arsinh, a.arsinh_slope, -inf, inf),
    Activation("SoftPlus", a.softplus, a.softplus_slope, 0.0, inf, initializer=RECTIFIED),
    Activation("BentIdentity", a.bent_identity, a.bent_identity_slope, -inf, inf),
    Activation("ReLU", a.relu, a.relu_slope, 0.0, inf, initializer=RECTIFIED),
    Activation("SoftReLU", a.softplus, a.softplus_slope, 0.0, inf, initializer=RECTIFIED),
    Activation("LeakyReLU", a.leaky_relu, a.leaky_relu_slope, -inf, inf, initializer=RECTIFIED),
    Activation("Swish", a.swish, a.swish_slope, -0.27846454276107385, inf, initializer=RECTIFIED),
    Activation("ElliotSign", a.elliot_sign, a.elliot_sign_slope, -1.0, 1.0),
    Activation("Gaussian", a.gaussian, a.gaussian_slope, 0.0, 1.0),
    Activation("SQ-RBF", a.sq_rbf, a.sq_rbf_slope, 0.0, 1.0),
    Activation("ELU", a.elu, a.elu_slope, -1.0, inf, initializer=RECTIFIED),
    Activation("SELU", a.selu, a.selu_slope, -a.SELU_SCALE * a.SELU_ALPHA, inf, initializer=LECUN_NORMAL.name),
    Activation("GELU", a.gelu, a.gelu_slope, -0.1700407505712541, inf, initializer=RECTIFIED),
    Activation("Mish", a.mish, a.mish_slope, -0.30884341301725055, inf, initializer=RECTIFIED),
    Activation("HardSigmoid", a.hard_sigmoid, a.hard_sigmoid_slope, 0.0, 1.0),
    Activation("HardTanh", a.hard_tanh, a.hard_tanh_slope, -1.0, 1.0),
)
# Those that only output layers have.
OUTPUT_ACTIVATIONS: Mapping[str, OutputActivation] = by_name(
    SOFTMAX,
)
ALL_ACTIVATIONS: Mapping[str, Activation | OutputActivation] = by_name(
    *ACTIVATIONS.values(), *OUTPUT_ACTIVATIONS.values()
)

LOSSES: Mapping[str, Loss] = by_name(
    HALF_SQUARED_ERROR,
    MEAN_SQUARED_ERROR,
    MEAN_ABSOLUTE_ERROR,
    HUBER,
    BINARY_CROSS_ENTROPY,
    CATEGORICAL_CROSS_ENTROPY,
)
# Those that move each parameter by its own gradient, sample by sample or in batches of any size.
ELEMENTWISE_OPTIMIZERS: Mapping[str, Optimizer] = by_name(
    SGD,
    MOMENTUM,
    NESTEROV,
    ADAGRAD,
    RMSPROP,
    ADAM,
    ADAMW,
    NADAM,
    LION,
)
# Those that move all parameters together, by all samples.
LEAST_SQUARES: Mapping[str, LeastSquares] = by_name(
    LEVENBERG_MARQUARDT,
)
OPTIMIZERS: Mapping[str, Optimizer | LeastSquares] = by_name(*ELEMENTWISE_OPTIMIZERS.values(), *LEAST_SQUARES.values())
RATE_SCHEDULES: Mapping[str, RateSchedule] = by_name(CONSTANT, STEP, EXPONENTIAL, COSINE, COSINE_RESTARTS, ON_PLATEAU)
# What can be set of every schedule beside its own settings.
SCHEDULE_SETTINGS: tuple[Setting, ...] = (WARM_UP,)
# What can be set of every optimizer beside its own settings.
COMMON_SETTINGS: tuple[Setting, ...] = (
    regularization.WEIGHT_DECAY,
    regularization.L1,
    regularization.L2,
    regularization.CLIP_VALUE,
    regularization.CLIP_NORM,
)
SCALERS: Mapping[str, ScalerKind] = by_name(MIN_MAX, STANDARD, ROBUST)
