"""How sure a few observations can make one that a habit is there.

Three late invoices of three prove less than they seem to. Both tails are Bayesian with the
Jeffreys prior (Brown, Cai & DasGupta 2001, "Interval estimation for a binomial proportion",
Statistical Science 16(2)). The incomplete beta and gamma functions follow Abramowitz & Stegun
26.5.8, 6.5.29 and 6.5.31, with the continued fractions evaluated by the modified Lentz method
(Thompson & Barnett 1986). The tests hold both against SciPy to within 1e-9.
"""

from collections.abc import Callable
from functools import lru_cache
from math import exp, lgamma, log, log1p

_TINY = 1e-300
_EPSILON = 1e-15
_MOST_TERMS = 100_000


@lru_cache(maxsize=4096)
def share_exceeds(part: int, whole: int, bar: float) -> float:
    """Give the probability that the true share lies above the bar.

    The share is p ~ Beta(½ + part, ½ + whole − part).

    Parameters
    ----------
    part, whole
        Counts, ``0 <= part <= whole``.
    bar
        A share, 0–1.

    Returns
    -------
    float
        P(p > bar), 0–1.
    """
    if bar <= 0:
        return 1.0
    if bar >= 1:
        return 0.0
    if bar < 0.5:  # noqa: PLR2004 - a tiny bar would vanish in 1 - bar
        return 1 - _incomplete_beta(0.5 + part, 0.5 + whole - part, bar)
    return _incomplete_beta(0.5 + whole - part, 0.5 + part, 1 - bar)


@lru_cache(maxsize=4096)
def rate_exceeds(events: int, exposure: int, bar: float) -> float:
    """Give the probability that the true rate lies above the bar.

    The rate is λ ~ Gamma(shape ½ + events, rate exposure).

    Parameters
    ----------
    events
        How often it happened, >= 0.
    exposure
        In how many units (projects, say), >= 1.
    bar
        Events a unit, >= 0.

    Returns
    -------
    float
        P(λ > bar), 0–1.
    """
    if bar <= 0:
        return 1.0
    return _upper_gamma(0.5 + events, exposure * bar)


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function I_x(a, b), for 0 < x < 1."""
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    # The fraction converges fast on this side of the mean only.
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


def _beta_fraction(a: float, b: float, x: float) -> float:
    def term(i: int) -> float:
        m, odd = divmod(i, 2)
        if odd:
            return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))

    return 1 / _lentz(1.0, lambda i: (term(i), 1.0))


def _upper_gamma(a: float, x: float) -> float:
    """Regularised upper incomplete gamma function Q(a, x), for x > 0."""
    front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1:
        return 1 - front * _gamma_series(a, x)
    return front / _lentz(x + 1 - a, lambda i: (-i * (i - a), x + 2 * i + 1 - a))


def _gamma_series(a: float, x: float) -> float:
    term = total = 1 / a
    for n in range(1, _MOST_TERMS):
        term *= x / (a + n)
        total += term
        if term < total * _EPSILON:
            break
    return total


def _lentz(first: float, terms: Callable[[int], tuple[float, float]]) -> float:
    """Evaluate first + t₁/(u₁ + t₂/(u₂ + …)), where ``terms(i)`` is (tᵢ, uᵢ)."""
    value = c = first or _TINY
    d = 0.0
    for i in range(1, _MOST_TERMS):
        above, below = terms(i)
        d = 1 / ((below + above * d) or _TINY)
        c = (below + above / c) or _TINY
        value *= c * d
        if abs(c * d - 1) < _EPSILON:
            break
    return value
