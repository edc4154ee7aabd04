"""What does the derivative of a derivative know?

The gradient says which way is down. The second derivative says how the slope itself changes, the
curvature, and with it how far to go.
"""

# %% Derivatives of derivatives
# gradient returns derivatives as Values: computed like any other, so differentiable again.
from autograd_mini import Value, gradient

x = Value(2.0, "x")
y = x**3
[first] = gradient(y, [x])
[second] = gradient(first, [x])
[third] = gradient(second, [x])
print("x³ at 2:", y.data, " 3x²:", first.data, " 6x:", second.data, " 6:", third.data)

# Two inputs have four second derivatives: the Hessian, the same above and below its diagonal.
u, v = Value(2.0, "u"), Value(3.0, "v")
f = 2 * u**2 * v + v * u
slopes = gradient(f, [u, v])
hessian = [[second.data for second in gradient(slope, [u, v])] for slope in slopes]
print("Hessian of 2u²v + vu at (2, 3):", hessian)

# %% A loss with one weight
# No w gets all four points right: the loss is lowest at a w that is neither small nor large.
from autograd_mini.losses import binary_cross_entropy_with_logits

POINTS, TRUTHS = [-2.0, -1.0, 1.0, 3.0], [0, 1, 1, 1]


def loss_of(w):
    """Return the loss of the scores w·x."""
    return binary_cross_entropy_with_logits([w * x for x in POINTS], TRUTHS)


# %% Newton's method
# The slope is L′, and when w grows by 1 it changes by about L″. So it is 0 about -L′/L″ from here.
w = Value(0.0, "w")
newton = []
for _ in range(6):
    loss = loss_of(w)
    newton.append(loss.data)
    [slope] = gradient(loss, [w])
    [curvature] = gradient(slope, [w])
    print(f"w = {w:.12f}, L = {loss:.12f}, L′ = {slope:.1e}, L″ = {curvature:.6f}")
    w.data -= slope.data / curvature.data

# %% Gradient descent, for comparison
# It has to guess how far to go.
w_descent = Value(0.0, "w")
descent = []
for _ in range(40):
    loss = loss_of(w_descent)
    descent.append(loss.data)
    [slope] = gradient(loss, [w_descent])
    w_descent.data -= 0.5 * slope.data
print(f"after {len(descent)} updates w = {w_descent:.12f}")

# %% Its rate has a limit
# Near the minimum every step multiplies the distance by 1 - η·L″, so η must stay below 2 / L″.
limit = 2 / curvature.data
print(f"the learning rate must be below {limit:.6f}")

# %% How far above the minimum: Newton doubles the number of right digits with every step
from autograd_mini.view.plot import loss_curve, sparkline
from autograd_mini.view.show import pictures, show

lowest = loss_of(w.data)
print("Newton ", sparkline(newton), "\ndescent", sparkline(descent))
with pictures():
    axes = loss_curve([loss - lowest for loss in descent], "gradient descent, rate 0.5")
    loss_curve([loss - lowest for loss in newton[:5]], "Newton", axes)
    axes.set(yscale="log", ylabel="loss above the minimum")
    show(axes, "06_second_derivatives")
