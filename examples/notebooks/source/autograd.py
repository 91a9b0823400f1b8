# %% [markdown] lang="en"
# # Autograd: what torch records
# torch notes each function while it runs, and walks back along these notes.

# %% [markdown] lang="zh"
# # 自动求导：torch 记录了什么
# torch 一边运行一边记下每个函数，再沿着这些记录走回去。

# %% lang="en"
import torch

import backprop_studio as bs

language = "en"

# %% lang="zh"
import torch

import backprop_studio as bs

language = "zh"

# %% [markdown] lang="en"
# ## Gradients accumulate
# A second backward pass adds to what stands in `x.grad`.

# %% [markdown] lang="zh"
# ## 梯度会累加
# 第二次反向传播会加到 `x.grad` 里已有的值上。

# %%
x = torch.arange(4.0, requires_grad=True)
y = 2 * torch.dot(x, x)
y.backward()
first = x.grad.tolist()
x.sum().backward()
added = x.grad.tolist()
x.grad.zero_()
x.sum().backward()
zeroed = x.grad.tolist()
print(y.item(), first, added, zeroed)

# %%
lesson = bs.lesson("autograd", x=[0, 1, 2, 3], language=language)
lesson

# %%
numbers = lesson.numbers()["autograd"]
assert numbers["y"] == y.item() == 28
assert [numbers["grad"], numbers["grad_added"], numbers["grad_zeroed"]] == [first, added, zeroed]

# %% [markdown] lang="en"
# ## The graph of any code
# `bs.graph` shows what torch has recorded of code of your own, here of one neuron.

# %% [markdown] lang="zh"
# ## 任何代码的图
# `bs.graph` 画出 torch 对你自己的代码所做的记录，这里是一个神经元。

# %%
x1, x2 = torch.tensor(2.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)
w1, w2 = torch.tensor(-3.0, requires_grad=True), torch.tensor(1.0, requires_grad=True)
b = torch.tensor(6.8813735870195432, requires_grad=True)
out = torch.tanh(x1 * w1 + x2 * w2 + b)
bs.graph(out, language=language)

# %%
out.backward()
print([round(it.grad.item(), 4) for it in (x1, w1, x2, w2, b)])

# %% [markdown] lang="en"
# ## The gradient of a vector
# Of a vector torch wants to know what it is multiplied by: `backward(v)` returns v times the
# Jacobian.

# %% [markdown] lang="zh"
# ## 向量的梯度
# 对向量求导时，torch 要知道用什么去乘它：`backward(v)` 返回 v 乘以雅可比矩阵。

# %%
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x**2
try:
    y.backward()
except RuntimeError as error:
    print(error)
y.backward(torch.tensor([0.1, 0.01]))
print(x.grad)

# %%
lesson = bs.lesson("vector_jacobian", x=[1, 2], v=[0.1, 0.01], language=language)
lesson

# %%
torch.testing.assert_close(torch.tensor(lesson.numbers()["vjp"]["product"]), x.grad)

# %% [markdown] lang="en"
# ## Values without their history
# `detach` keeps the value and cuts the way back.

# %% [markdown] lang="zh"
# ## 没有历史的值
# `detach` 保留数值，切断回去的路。

# %%
x = torch.arange(4.0, requires_grad=True)
y = x * x
u = y.detach()
(u * x).sum().backward()
cut = x.grad.tolist()
x.grad.zero_()
y.sum().backward()
print(cut, x.grad.tolist())

# %%
lesson = bs.lesson("detach", x=[0, 1, 2, 3], language=language)
lesson

# %%
numbers = lesson.numbers()["detach"]
assert (numbers["grad"], numbers["grad_y"]) == (cut, x.grad.tolist())

# %% [markdown] lang="en"
# ## A loop and a branch
# The graph is of what really happened: how often the loop ran, and which way was taken.

# %% [markdown] lang="zh"
# ## 循环与分支
# 图记录的是真正发生过的事：循环跑了几遍，走了哪一支。


# %%
def f(a):
    b = a * 2
    while b.norm() < 1000:
        b = b * 2
    return b if b.sum() > 0 else 100 * b


a = torch.tensor(-1.0, requires_grad=True)
d = f(a)
d.backward()
assert a.grad == d / a
print(a.grad.item())

# %%
lesson = bs.lesson("control_flow", a=-1.0, language=language)
lesson

# %%
assert lesson.numbers()["control"]["gradient"] == a.grad.item() == 102400
