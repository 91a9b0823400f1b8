# %% [markdown] lang="en"
# # A line through points
# Fifty points lie on y = 3x + 0.8, and descent is to find 3 and 0.8 from the points alone.

# %% [markdown] lang="zh"
# # 过点的直线
# 五十个点在直线 y = 3x + 0.8 上，梯度下降要只凭这些点找出 3 和 0.8。

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
# ## The film
# The line turns into place while the point (w, b) goes down its own map.

# %% [markdown] lang="zh"
# ## 影片
# 直线转到位，点 (w, b) 同时在它自己的地图上往下走。

# %%
lesson = bs.lesson("linear_regression", steps=3000, language=language)
lesson

# %% [markdown] lang="en"
# ## The same loop in torch
# On the same points, with the same learning rate: 100 steps are too few, 3000 are enough.

# %% [markdown] lang="zh"
# ## 用 torch 写同样的循环
# 同样的点，同样的学习率：100 步太少，3000 步足够。

# %%
fit = lesson.numbers()["fit"]
x, y = torch.tensor(fit["x"]), torch.tensor(fit["y"])
w, b = (torch.zeros((), requires_grad=True) for _ in range(2))
optimizer = torch.optim.SGD([w, b], lr=0.01)
for step in range(3001):
    optimizer.zero_grad()
    loss = ((w * x + b - y) ** 2).mean()
    loss.backward()
    if step in (0, 100, 1000, 3000):
        print(f"{step:5} w = {w.item():.4f} b = {b.item():.4f} loss = {loss.item():.2e}")
    if step in fit["run"]["at"]:
        at = fit["run"]["at"].index(step)
        assert abs(fit["run"]["w"][at] - w.item()) < 1e-9
        assert abs(fit["run"]["loss"][at] - loss.item()) < 1e-9
    optimizer.step()

# %% [markdown] lang="en"
# ## Points of your own
# A table of your own works in the same way: `data="points.csv"`. Here it has noise, and the line
# that fits best is not exactly the one it was drawn from.

# %% [markdown] lang="zh"
# ## 自己的点
# 自己的表格也一样用：`data="points.csv"`。这里加了噪声，拟合得最好的直线不再正好是原来那条。

# %%
import tempfile
from pathlib import Path

torch.manual_seed(0)
own_x = torch.rand(30)
own_y = -2 * own_x + 1 + 0.1 * torch.randn(30)
table = Path(tempfile.mkdtemp()) / "points.csv"
rows = (f"{a},{b}" for a, b in zip(own_x.tolist(), own_y.tolist(), strict=True))
table.write_text("x,y\n" + "\n".join(rows))

lesson = bs.lesson("linear_regression", data=str(table), language=language)
best = torch.linalg.lstsq(torch.stack([own_x, torch.ones(30)], dim=1), own_y[:, None]).solution
found = lesson.numbers()["fit"]
torch.testing.assert_close(torch.tensor([found["best_w"], found["best_b"]]), best[:, 0])
lesson.still()
