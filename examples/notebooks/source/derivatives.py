# %% [markdown] lang="en"
# # Derivatives: from a secant to the gradient
# Each picture below is a film: it plays in its cell, with its steps as chapters. The cell before it
# computes the same numbers with torch, and the one behind it checks that they are the same.

# %% [markdown] lang="zh"
# # 导数：从割线到梯度
# 下面每幅图都是一部影片，在单元格里播放，并按步骤分章。前一个单元格用 torch 算出同样的数，
# 后一个单元格检查两者是否一致。

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
# ## The derivative
# The slope of the secant of y = w² from w = 3 on, while the step shrinks: it closes in on 6.

# %% [markdown] lang="zh"
# ## 导数
# 曲线 y = w² 从 w = 3 起的割线斜率：步长越小，它越接近 6。


# %%
def y(w):
    return w**2


steps = [1.0, 0.1, 0.02, 0.01]
for eps in steps:
    print(f"{eps:5} {y(3 + eps):8.4f} {(y(3 + eps) - y(3)) / eps:6.2f}")

# %%
lesson = bs.lesson("derivative", formula="w^2", w=3.0, eps=steps, language=language)
lesson

# %%
w = torch.tensor(3.0, requires_grad=True)
y(w).backward()
tangent = lesson.numbers()["tangent"]
assert [round(it, 4) for it in tangent["y_eps"][2:]] == [9.1204, 9.0601]
assert tangent["slope"] == w.grad.item() == 6

# %% [markdown] lang="en"
# ## Partial derivatives
# A function of two variables has a slope along each of them: hold one, move the other.

# %% [markdown] lang="zh"
# ## 偏导数
# 二元函数沿每个变量都有斜率：固定一个，移动另一个。


# %%
def z(x, y):
    return x**2 + y**2


point = torch.tensor([1.0, 0.5], requires_grad=True)
z(*point).backward()
print(point.grad)

# %%
lesson = bs.lesson("partial_derivatives", formula="x^2 + y^2", x=1.0, y=0.5, language=language)
lesson

# %%
assert lesson.numbers()["at"]["partials"] == point.grad.tolist() == [2, 1]

# %% [markdown] lang="en"
# ## The directional derivative
# Along a unit vector l the slope is the gradient times l: here along (3, 4) / 5.

# %% [markdown] lang="zh"
# ## 方向导数
# 沿单位向量 l 的斜率等于梯度乘以 l：这里沿 (3, 4) / 5。

# %%
direction = torch.tensor([3.0, 4.0]) / 5
slope = point.grad @ direction
print(slope.item(), point.grad.norm().item())

# %%
lesson = bs.lesson("directional_derivative", x=1.0, y=0.5, p=3.0, q=4.0, language=language)
lesson

# %%
there = lesson.numbers()["at"]
torch.testing.assert_close(torch.tensor(there["slope"]), slope)
torch.testing.assert_close(torch.tensor(there["steepness"]), point.grad.norm())

# %% [markdown] lang="en"
# ## The numerical gradient
# The difference (f(w + h) − f(w − h)) / 2h checks what autograd says, if h is neither too large nor
# too small.

# %% [markdown] lang="zh"
# ## 数值梯度
# 用 (f(w + h) − f(w − h)) / 2h 可以检验自动求导的结果，只要 h 不太大也不太小。

# %%
w = torch.tensor(1.0, requires_grad=True)
torch.sin(w).backward()
for power in range(0, 16, 3):
    h = 10.0**-power
    difference = (torch.sin(w + h) - torch.sin(w - h)).item() / (2 * h)
    print(f"{h:.0e} {abs(difference - w.grad.item()):.1e}")

# %%
lesson = bs.lesson("numerical_gradient", formula="sin(w)", w=1.0, language=language)
lesson

# %%
central = lesson.numbers()["central"]
assert central["gradient"] == w.grad.item()
assert central["step_error"] < 1e-10
