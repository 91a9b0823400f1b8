# %% [markdown] lang="en"
# # One weight learns
# One input, 2, one target, 4, and one weight, 1: which way should it move, and how far?

# %% [markdown] lang="zh"
# # 一个权重在学习
# 一个输入 2，一个目标 4，一个权重 1：它该往哪边动，动多远？

# %% lang="en"
import torch

import backprop_studio as bs

language = "en"
torch.set_default_dtype(torch.float64)

# %% lang="zh"
import torch

import backprop_studio as bs

language = "zh"
torch.set_default_dtype(torch.float64)

# %% [markdown] lang="en"
# ## By hand, and by torch
# The loss is (wx − t)², so that its slope for w is 2(wx − t) · x: −4 · 2 = −8.

# %% [markdown] lang="zh"
# ## 手算与 torch
# 损失是 (wx − t)²，它对 w 的斜率是 2(wx − t) · x，即 −4 · 2 = −8。

# %%
x, t, rate = 2.0, 4.0, 0.1
w = torch.tensor(1.0, requires_grad=True)
made = []
for _ in range(2):
    w.grad = None
    loss = (w * x - t) ** 2
    loss.backward()
    by_hand = 2 * (w.item() * x - t) * x
    assert abs(w.grad.item() - by_hand) < 1e-12
    with torch.no_grad():
        w -= rate * w.grad
    made.append((loss.item(), w.grad.item(), w.item()))
    print(f"L = {loss.item():.4f} dL/dw = {w.grad.item():.2f} w = {w.item():.2f}")

# %%
lesson = bs.lesson("chain_rule", x=x, y=t, w=1.0, learning_rate=rate, steps=2, language=language)
lesson

# %%
chain = lesson.numbers()["chain"]["steps"]
shown = [(it["loss"], it["dL_dw"], it["w_after"]) for it in chain]
torch.testing.assert_close(torch.tensor(shown), torch.tensor(made))

# %% [markdown] lang="en"
# ## The samples take turns
# The same loop over three samples, 100 times: w comes to 2, and an input that it never saw is
# right.

# %% [markdown] lang="zh"
# ## 样本轮流上场
# 对三个样本循环 100 遍：w 到达 2，没有见过的输入也答对了。

# %%
w = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.01)
course = [w.item()]
for _ in range(100):
    for a, b in ((1.0, 2.0), (2.0, 4.0), (3.0, 6.0)):
        optimizer.zero_grad()
        ((w * a - b) ** 2).backward()
        optimizer.step()
        course.append(w.item())
print(f"{4 * course[0]} -> {4 * course[-1]:.6f}")

loop = lesson.numbers()["loop"]
torch.testing.assert_close(torch.tensor(loop["w"]), torch.tensor(course))

# %% [markdown] lang="en"
# ## Down a hill
# Gradient descent is this step again and again. Where it ends depends on where it starts.

# %% [markdown] lang="zh"
# ## 下山
# 梯度下降就是一遍又一遍地走这一步。停在哪里，取决于从哪里出发。


# %%
def f(w):
    return torch.minimum((w - 2) ** 2 + 1, (w + 3) ** 2)


ends = []
for start in (4.5, -4.5):
    w = torch.tensor(start, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(30):
        optimizer.zero_grad()
        f(w).backward()
        optimizer.step()
    ends.append(w.item())
print(ends)

# %%
lesson = bs.lesson("gradient_descent", starts=[4.5, -4.5], learning_rate=0.1, language=language)
lesson

# %%
runs = lesson.numbers()["runs"]
torch.testing.assert_close(torch.tensor([it["w"][30] for it in runs]), torch.tensor(ends))
