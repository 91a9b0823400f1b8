"""Computation graphs: of formulas, of what torch recorded, and the lessons told with them.

:mod:`core.graphs.reading` reads what a lecturer types and :mod:`core.graphs.formula_graph` computes
it; :mod:`core.autograd.graph` walks what torch recorded; the other modules are one lesson each.
Only :mod:`core.graphs.params`, :mod:`core.graphs.reading`, :mod:`core.graphs.steps` and
:mod:`core.graphs.records` can be
imported without loading torch.
"""
