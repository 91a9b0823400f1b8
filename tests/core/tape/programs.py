"""Programs whose graphs are drawn: from notes, books and models, and from the corners of torch."""

from __future__ import annotations

import torch
from torch import nn
from torch.autograd import Function
from torch.nn import functional as F  # noqa: N812
from torch.utils.checkpoint import checkpoint


def number(value):
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


def vector(*values):
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def matrix(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    found = torch.randn(*shape, generator=generator, dtype=torch.float64)
    return found.requires_grad_()


def micrograd():
    a, b = number(-4.0), number(2.0)
    c = a + b
    d = a * b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d * 2 + (b + a).relu()
    d = d + 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g = g + 10.0 / f
    return g, {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f, "g": g}


def book_dot():
    x = vector(0.0, 1.0, 2.0, 3.0)
    y = 2 * torch.dot(x, x)
    return y, {"x": x, "y": y}


def book_sum():
    x = vector(0.0, 1.0, 2.0, 3.0)
    return x.sum(), {"x": x}


def book_squares():
    x = vector(0.0, 1.0, 2.0, 3.0)
    y = x * x
    return y.sum(), {"x": x, "y": y}


def book_detach():
    x = vector(0.0, 1.0, 2.0, 3.0)
    y = x * x
    u = y.detach()
    z = u * x
    return z.sum(), {"x": x, "u": u, "z": z}


def book_control_flow():
    a = number(0.7)
    b = a * 2
    while b.norm() < 1000:
        b = b * 2
    c = b if b.sum() > 0 else 100 * b
    return c, {"a": a, "c": c}


def loop_with_a_break():
    x = number(1.5)
    y = x
    for k in range(20):
        y = y * x + k
        if y > 30:
            break
    return y, {"x": x}


def attention_head():
    x, q, k, v = matrix(5, 4), matrix(4, 3, seed=1), matrix(4, 3, seed=2), matrix(4, 3, seed=3)
    scores = (x @ q) @ (x @ k).transpose(0, 1) / 3**0.5
    mask = torch.ones(5, 5).tril() == 0
    weights = scores.masked_fill(mask, float("-inf")).softmax(-1)
    return (weights @ (x @ v)).pow(2).mean(), {"x": x, "q": q, "k": k, "v": v}


def fused_attention():
    q, k, v = (matrix(1, 2, 3, 4, seed=it) for it in range(3))
    return F.scaled_dot_product_attention(q, k, v).sum(), {"q": q, "k": k, "v": v}


def lstm_cell():
    torch.manual_seed(0)
    cell = nn.LSTMCell(3, 4)
    h, _ = cell(torch.ones(2, 3))
    return h.square().sum(), dict(cell.named_parameters())


def written_lstm():
    x, h, c, w = matrix(2), matrix(3, seed=1), matrix(3, seed=2), matrix(12, 5, seed=3)
    i, f, o, g = (w @ torch.cat([x, h])).chunk(4)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    h = o.sigmoid() * c.tanh()
    return h.sum(), {"x": x, "w": w}


def gru_cell():
    torch.manual_seed(0)
    cell = nn.GRUCell(2, 2)
    return cell(torch.ones(1, 2)).sum(), dict(cell.named_parameters())


def convolution():
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(18, 2)
    )
    loss = F.cross_entropy(net(torch.ones(1, 1, 8, 8)), torch.tensor([1]))
    return loss, dict(net.named_parameters())


def residual():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4), nn.GELU(), nn.Linear(4, 4))
    x = matrix(3, 4).float().detach()
    return (x + net(x)).mean(), dict(net.named_parameters())


def batch_norm():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5))
    return net(torch.randn(6, 3)).sum(), dict(net.named_parameters())


def embedding():
    torch.manual_seed(0)
    table = nn.Embedding(5, 3)
    return table(torch.tensor([1, 1, 4])).prod(), dict(table.named_parameters())


def in_place():
    x = vector(1.0, 2.0, 3.0)
    y = x * 2
    y.mul_(3).add_(x)
    y[1:] *= 2
    y[0] = 5.0
    return y.sum(), {"x": x, "y": y}


def without_gradient_inside():
    x = vector(1.0, 2.0)
    with torch.no_grad():
        k = x.norm()
    y = x / k
    return y.sum(), {"x": x, "k": k}


def retained():
    x = number(3.0)
    y = x**2
    y.backward(retain_graph=True)
    return y, {"x": x, "y": y}


def double_backward():
    x = number(2.0)
    y = x**3
    (g,) = torch.autograd.grad(y, x, create_graph=True)
    return g, {"x": x, "g": g}


def gradient_penalty():
    x, w = vector(1.0, -2.0), vector(0.5, 0.25)
    y = torch.tanh(w @ x)
    (g,) = torch.autograd.grad(y, x, create_graph=True)
    return (g.norm() - 1) ** 2, {"x": x, "w": w}


def views():
    x = matrix(2, 6)
    y = x.view(3, 4).t().reshape(2, 6).unsqueeze(0).expand(3, 2, 6).permute(2, 0, 1)
    return y[::2].contiguous().flatten().sum(), {"x": x}


def broadcasting():
    a, b, c = matrix(3, 1), matrix(1, 4, seed=1), number(2.0)
    return (a * b + c).exp().mean(), {"a": a, "b": b, "c": c}


def cat_stack_index():
    a, b = vector(1.0, 2.0), vector(3.0, 4.0)
    both = torch.cat([a, b, torch.stack([a, b]).sum(0)])
    return both[torch.tensor([0, 0, 3])].sum() + both[-1], {"a": a, "b": b}


def unbind_and_split():
    x = matrix(3, 4)
    first, _, last = x.unbind(0)
    left, right = first.split([1, 3])
    return (left * right).sum() + last.max(), {"x": x}


def branches():
    x = number(0.5)
    left = torch.sin(x) * torch.exp(x)
    right = torch.cos(x).abs().sqrt()
    mixed = torch.where(left > right, left, right) + torch.maximum(left, right)
    return mixed.log1p() * torch.sigmoid(left - right), {"x": x}


def complex_numbers():
    x = matrix(4)
    spectrum = torch.fft.rfft(x)
    return (spectrum * spectrum.conj()).real.sum() + spectrum.abs().sum(), {"x": x}


def linear_algebra():
    a, b = matrix(3, 3), matrix(3, seed=1)
    return torch.linalg.solve(a, b).sum() + torch.linalg.det(a), {"a": a, "b": b}


class Doubled(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 2 * x, x + 1

    @staticmethod
    def backward(ctx, first, second):
        (x,) = ctx.saved_tensors
        return 2 * first + second + 0 * x


def own_function():
    x = vector(1.0, 2.0)
    first, _ = Doubled.apply(x)
    return first.sum(), {"x": x}


def checkpointed():
    x = vector(1.0, 2.0)
    return checkpoint(lambda it: it.sin().exp(), x, use_reentrant=False).sum(), {"x": x}


def mixed_precision():
    x = matrix(2, 2)
    half = x.to(torch.bfloat16) @ torch.ones(2, 1, dtype=torch.bfloat16)
    return half.float().sum(), {"x": x}


def einsum_and_norms():
    a, b = matrix(2, 3), matrix(3, 2, seed=1)
    y = torch.einsum("ij,jk->ik", a, b)
    return F.normalize(y, dim=1).norm() + y.logsumexp(1).sum() + y.topk(1).values.sum(), {"a": a}


def mean_squared_error():
    w, b = number(0.0), number(0.0)
    x, t = torch.arange(3.0, dtype=torch.float64), torch.ones(3, dtype=torch.float64)
    return F.mse_loss(w * x + b, t), {"w": w, "b": b}


def leaf_alone():
    x = number(3.0)
    return x, {"x": x}


def frozen_part():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1))
    net[0].requires_grad_(False)
    return net(torch.ones(1, 2)).sum(), dict(net.named_parameters())


PROGRAMS = (
    micrograd,
    book_dot,
    book_sum,
    book_squares,
    book_detach,
    book_control_flow,
    loop_with_a_break,
    attention_head,
    fused_attention,
    lstm_cell,
    written_lstm,
    gru_cell,
    convolution,
    residual,
    batch_norm,
    embedding,
    in_place,
    without_gradient_inside,
    retained,
    double_backward,
    gradient_penalty,
    views,
    broadcasting,
    cat_stack_index,
    unbind_and_split,
    branches,
    complex_numbers,
    linear_algebra,
    own_function,
    checkpointed,
    mixed_precision,
    einsum_and_norms,
    mean_squared_error,
    leaf_alone,
    frozen_part,
)


# Graphs of more than 60 nodes


def unrolled():
    torch.manual_seed(0)
    cell = nn.RNNCell(3, 4)
    h = torch.zeros(2, 4)
    for _ in range(30):
        h = cell(torch.ones(2, 3), h)
    return h.sum(), {f"cell.{name}": it for name, it in cell.named_parameters()}


def transformer():
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    net = nn.TransformerEncoder(layer, 3, enable_nested_tensor=False).train()
    return net(torch.ones(1, 5, 8)).sum(), dict(net.named_parameters())


def thicket():
    generator = torch.Generator().manual_seed(0)
    values = [matrix(1, seed=k).sum() for k in range(5)]

    def pick(count):
        return int(torch.randint(count, (1,), generator=generator))

    operations = (torch.add, torch.mul, torch.sub)
    for _ in range(200):
        one, other = values[pick(len(values))], values[pick(len(values))]
        values.append(torch.tanh(operations[pick(3)](one, other)))
    return sum(values), {}


LARGE = (unrolled, transformer, thicket)
