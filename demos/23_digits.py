"""Can it read handwriting?

Images of handwritten digits, 8 × 8 pixels, 1797 of them (scikit-learn brings a copy). A network
trains on four fifths of them and is tested on the others, which it has never seen.
"""

# %% The images
try:
    from sklearn.datasets import load_digits
except ModuleNotFoundError:
    raise SystemExit("The images need scikit-learn: pip install scikit-learn") from None

import numpy

images, digits = load_digits(return_X_y=True)
images = images / 16  # pixels from 0 to 1
tested = numpy.arange(len(digits)) % 5 == 0  # every fifth image


def in_text(image):
    """Return an image as eight lines of text."""
    return "\n".join("".join(" .:*#"[int(4 * x)] for x in row) for row in image.reshape(8, 8))


print(f"{in_text(images[0])}\nis a {digits[0]}")

# %% The network, and one image's loss
# Ten scores, one for each digit: "is it a 0?", "is it a 1?", … Each answer is a class of its own.
from autograd_mini import Value
from autograd_mini.losses import binary_cross_entropy_with_logits
from autograd_mini.nn import MLP

model = MLP(64, [32, 10], "tanh")
pixels = [Value(0.0, f"pixel{i}") for i in range(64)]
answers = [Value(0.0, f"t{digit}") for digit in range(10)]
loss = binary_cross_entropy_with_logits(model(pixels), answers)
print(len(model.parameters()), "parameters")

# %% The graph, recorded once
# A program does what the graph does, without its bookkeeping, and for many images at a time.
from autograd_mini import record

program = record(loss, inputs=[*pixels, *answers])
columns = numpy.vstack([images.T, *(digits == digit for digit in range(10))])[:, ~tested]
print(columns.shape[0], "inputs,", columns.shape[1], "images to learn from")

# %% Training: 12 epochs, 100 images an update
# From here on parameters and optimiser live in arrays, until the epoch is over.
from autograd_mini.optim import Adam
from autograd_mini.program import train
from autograd_mini.view.progress import progress


def read(some):
    """Return for each image the digit with the highest score."""
    return numpy.array([numpy.argmax([score.data for score in model(x)]) for x in some.tolist()])


optimiser, losses = Adam(model.parameters(), rate=0.02), []
for epoch in (epochs := progress(range(12))):
    losses += train(program, optimiser, columns, steps=15, batch=100, seed=epoch)
    accuracy = numpy.mean(read(images[::25]) == digits[::25])  # 72 images, all of them unseen
    epochs.set_postfix(loss=losses[-1], accuracy=accuracy)
right = read(images) == digits
seen, unseen = right[~tested].mean(), right[tested].mean()
print(f"right: {seen:.1%} of the images it has seen, {unseen:.1%} of those it has not")

# One that it gets wrong:
wrong = images[~right][0]
print(f"{in_text(wrong)}\nis a {digits[~right][0]} and not a {read(wrong[None])[0]}")

# %% The loss
from autograd_mini.view.plot import loss_curve, sparkline
from autograd_mini.view.show import pictures, show

print(sparkline(losses))
with pictures():
    show(loss_curve(losses, "loss of 100 images"), "23_digits")
