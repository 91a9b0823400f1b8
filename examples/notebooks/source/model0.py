# %% [markdown] lang="en"
# # Model0: a batch, its gradients, a step
# A network of 3, 3, 2 and 3 units with relu learns three samples. The lesson is made of *this*
# model: its weights, its loss and its optimizer; none of them is changed by it.

# %% [markdown] lang="zh"
# # Model0：一个批次、它的梯度、一步更新
# 一个 3、3、2、3 个单元的 relu 网络学习三个样本。课程就由“这个”模型做成：它的权重、
# 它的损失、它的优化器；这些都不会被改动。

# %% lang="en"
import torch
from torch import nn

import backprop_studio as bs

language = "en"
torch.set_default_dtype(torch.float64)

# %% lang="zh"
import torch
from torch import nn

import backprop_studio as bs

language = "zh"
torch.set_default_dtype(torch.float64)

# %% [markdown] lang="en"
# ## The model and its batch
# The weights are those of the notes, as the lesson has them when nothing else is given.

# %% [markdown] lang="zh"
# ## 模型和批次
# 权重取自讲义，也就是课程在没有给出别的权重时所用的。


# %%
class Model0(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 3)
        )

    def forward(self, x):
        return self.layers(x)


model = Model0()
notes = bs.lesson("backprop").numbers()["layers"]
with torch.no_grad():
    for layer, given in zip(model.layers[::2], notes, strict=True):
        layer.weight.copy_(torch.tensor(given["weight"]))
        layer.bias.copy_(torch.tensor(given["bias"]))

x = torch.tensor([[1.0, 2.0, 1.5], [3.0, 4.0, 2.3], [5.0, 6.0, 1.2]])
target = torch.tensor([0, 2, 1])
loss_fn = nn.CrossEntropyLoss()

# %% [markdown] lang="en"
# ## One step of gradient descent
# Forward, loss, backward, step: the film shows each number of it.

# %% [markdown] lang="zh"
# ## 梯度下降的一步
# 前向、损失、反向、更新：影片展示其中的每一个数。

# %%
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
lesson = bs.lesson(
    "backprop",
    model=model,
    inputs=x,
    targets=target,
    loss=loss_fn,
    optimizer=optimizer,
    language=language,
)
lesson

# %%
sheet = lesson.numbers()
loss = loss_fn(model(x), target)
loss.backward()
optimizer.step()
after = loss_fn(model(x), target)
print(f"{loss.item():.4f} -> {after.item():.4f}")

assert abs(sheet["loss"] - loss.item()) < 1e-12
assert abs(sheet["loss_after"] - after.item()) < 1e-12
for layer, shown, updated in zip(model.layers[::2], sheet["layers"], sheet["updated"], strict=True):
    torch.testing.assert_close(torch.tensor(shown["dL_dW"]), layer.weight.grad)
    torch.testing.assert_close(torch.tensor(updated["weight"]), layer.weight.detach())

# %% [markdown] lang="en"
# ## An optimizer that remembers
# After a few steps with momentum each parameter has a velocity. A lesson that is made now goes on
# with it.

# %% [markdown] lang="zh"
# ## 有记忆的优化器
# 带动量走过几步之后，每个参数都有了速度。现在做出的课程会带着它继续。

# %%
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for _ in range(3):
    optimizer.zero_grad()
    loss_fn(model(x), target).backward()
    optimizer.step()

going_on = {"inputs": x, "targets": target, "loss": loss_fn, "optimizer": optimizer}
lesson = bs.lesson("backprop", model=model, **going_on, language=language)
updated = lesson.numbers()["updated"]

optimizer.zero_grad()
loss_fn(model(x), target).backward()
optimizer.step()
for layer, shown in zip(model.layers[::2], updated, strict=True):
    torch.testing.assert_close(torch.tensor(shown["weight"]), layer.weight.detach())
lesson.still("update")

# %% [markdown] lang="en"
# ## What the velocity is good for
# In a ravine plain descent crawls along the bottom; with momentum it is fast there.

# %% [markdown] lang="zh"
# ## 速度有什么用
# 在狭谷里，普通梯度下降沿谷底爬行；带动量就快得多。

# %%
w = torch.tensor([-7.0, 2.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)
points = [w.tolist()]
for _ in range(60):
    optimizer.zero_grad()
    (w[0] ** 2 / 20 + w[1] ** 2).backward()
    optimizer.step()
    points.append(w.tolist())

# %%
lesson = bs.lesson("momentum", gamma=0.9, steps=60, language=language)
lesson

# %%
with_momentum = lesson.numbers()["descents"][0]["paths"][0]["points"]
torch.testing.assert_close(torch.tensor(with_momentum), torch.tensor(points))
