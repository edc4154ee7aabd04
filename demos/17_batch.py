"""Why is a batch's gradient the mean of its samples'?

A weight that is used for every sample lies on a path from each sample's loss. The paths add up,
and dividing the loss by their number divides each of them.
"""

# %% Three samples, one weight
from autograd_mini import Value, total, why

w = Value(0.5, "w")
samples = [(1.0, 2.0), (2.0, 3.0), (3.0, 7.0)]  # x, and what w·x should be


def loss_of(x, target):
    """Return half the squared error of w·x."""
    return (w * x - target) ** 2 / 2


# %% Each sample alone
# Its gradient is (w·x - t)·x.
alone = []
for x, target in samples:
    w.grad = 0.0
    loss_of(x, target).backward()
    alone.append(w.grad)
print("alone:", alone, "mean:", sum(alone) / 3)

# %% All of them in one graph
losses = [loss_of(x, target) for x, target in samples]
L = total(losses) / 3
for i, loss in enumerate(losses, 1):
    loss.label = f"loss{i}"
L.label = "L"
w.grad = 0.0
L.backward()
print("in one graph:", f"{w.grad:.12f}")
# Why? One path for each sample, and on each of them the factor 1/3.
print(why(L, w))

# %% Or one after the other, into the same grad
# backward adds to the grads of leaves. Without zero_grad between the samples, and with each loss
# divided, the batch needs no more memory than one sample: gradient accumulation.
w.grad = 0.0
for x, target in samples:
    (loss_of(x, target) / 3).backward()
accumulated = w.grad
print("accumulated:", f"{accumulated:.12f}")

# %% Sum or mean?
# The sum's gradient is three times as large: the same direction, as if the rate were three times
# as high. With the mean, a rate that suits 3 samples suits 3,000.
w.grad = 0.0
total([loss_of(x, target) for x, target in samples]).backward()
of_sum = w.grad
print("of the sum:", of_sum)

# %% A part of the data stands for all of it
# The mean over a batch drawn at random is on average the mean over everything, and it scatters the
# less the larger the batch is: by 1/√n (here drawn with replacement, 2,000 times).
from random import Random
from statistics import fmean, pstdev

random = Random(0)
for size in (1, 4, 16):
    means = [fmean(random.choices(alone, k=size)) for _ in range(2000)]
    print(f"batches of {size:2}: mean {fmean(means):.3f}, scatter {pstdev(means):.3f}")

# %% The picture
from autograd_mini import draw
from autograd_mini.view.show import pictures, show

with pictures():
    show(draw(L, why=w), "17_batch")
