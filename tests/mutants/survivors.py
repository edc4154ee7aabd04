"""Survivors that are no fault of the tests, by the reason."""

from tests.mutants.faults import Fault

# For each file the lines with their faults. Every one of these does what the right line does.
SYMMETRIC = {
    "lesson/lesson.py": [
        "self.rewind((max(0, self.position - 1)))",
        "self.rewind((min(len(self.demo.statements), self.kept())))",
    ],
    "lesson/script.py": [
        "width = (min(columns(), VALUE_WIDTH)) if is_terminal() else VALUE_WIDTH",
    ],
    "__main__.py": [
        "with (suppress(ValueError, ArithmeticError)):  # the explanation will say why",
    ],
    "notation/equation.py": [
        'related.append(((choose_sign(side, before)) if str(before) else "", side))',
    ],
    "notation/screen.py": ["(max(len(start) + 2 * len(INDENT), width)),"],
    "stepping/account.py": [
        "share = needed + FEWEST if lines is None or needed <= lines "
        "else (max(FEWEST, lines // 4))",
    ],
    "stepping/check.py": [
        "return len(self.fine.sides) == 1 or apart > (max(slack, 0.75 * before))",
        "limit = (max(4 * self.noise, 0.1 * SHARE * abs(self.derivative)))",
    ],
    "stepping/steps.py": ["return (choose_sign(figure(self.term), self.product))"],
    "teach/doctor.py": ["elif len(rises) >= (max(total / 2, 3)):"],
    "teach/quiz.py": [
        "return (max(ROUND_OFF, min(third, 1) / 2))",
        "return max((min(1, third)) / 2, ROUND_OFF)",
    ],
    "teach/shapes.py": [
        "partner = operands[((position - pairs)) % (2 * pairs)] if position < 2 * pairs else None",
    ],
    "teach/watching.py": [
        "other = node.operands[((i - even // 2)) % even]",
        "with (suppress(ValueError, ArithmeticError)):",
    ],
    "teach/mistakes.py": [
        "if not all((math.isclose(y, x, rel_tol=1e-09, abs_tol=1e-12)) for x, y in known):",
    ],
    "teach/workshop.py": [
        "if (has_facts(wrong, facts)):",
        "if (has_facts({name: factor * x for name, x in right.items()}, facts)):",
        "return is_numeric(mine) and (math.isclose(right, mine, rel_tol=SAME, abs_tol=SAME))",
    ],
    "stepping/paths.py": [
        "if (math.isclose(total, grad, rel_tol=1e-09)) "
        "or (math.isnan(grad) and math.isnan(total)):",
    ],
    "stepping/what_if.py": ["return not (is_same_number(self.after, self.before))"],
    "fast/layers.py": [
        "data = (affine(self.numbers, leaves, bias if constant else bias._data))",
    ],
    "view/places.py": [
        "return (math.dist(label[:2], place[:2]))",
        "room = (max(len(text) - len(text.rstrip()) - gap, 0))",
        "count = (max(math.ceil(length / NEAR), 1))",
    ],
    "view/rows.py": ["above[far] = (min(levels[near], above.get(far, levels[near])))"],
    "engine/floats.py": ["return (max(0.0, a)) + math.log1p(math.exp(-abs(a)))"],
    "engine/primitives.py": [
        "INSIDE = (away_from(1.0, -1.0, needs='needs a number between -1 and 1'))",
        "lambda a, y: (1 / (hypot(a, 1.0))) ** 2))",
        "lambda a, y: 1 / (hypot(a, 1.0))))",
        'maximum    = Primitive("maximum", floats.maximum, '
        "lambda a, b, y: above(a, b) + (equal(b, a)) / 2,",
        "lambda a, b, y: above(b, a) + (equal(b, a)) / 2)",
    ],
    "view/animate.py": [
        "pace = (min(LONGEST_PLAY / total, seconds))",
    ],
    "view/arrows.py": [
        "return (max(len(usual) - len(line), 0))",
    ],
    "view/boxes.py": [
        "terms = (min(TERMS, len(self.links.uses[x])))",
    ],
    "view/frames.py": [
        "room = (max(NARROWEST, width))",
        "letters = (max(math.floor((width - 2 * MARGIN) / LETTER), 16))",
    ],
    "view/layout.py": [
        'fixed = {"full": 0, "neurons": deepest, "layers": (max(deepest - 1, 1))}',
        "yield Folding(values, (min(deepest, 1)), opened, most=ROOMY, rolls=True)",
        "limit = (max(MOST_BOXES_DRAWN, options.max_nodes)) if chosen else options.max_nodes",
        "most = (min(len(reached) - 1, limit))",
    ],
    "view/plot.py": [
        "every = (max(math.ceil(len(ys) / MARKS), 1))",
        "shown = [(min(high, max(x, low))) if math.isfinite(x) else x for x in shown]",
        "shown = [min((max(low, x)), high) if math.isfinite(x) else x for x in shown]",
        "count = (min(len(numbers), count))",
        "gaps = (max(count - 1, 1))",
    ],
    "view/style.py": [
        "self.top = (min(sys.float_info.max, 10 * self.top))",
        "return (max(min(1.0, 1 + decades / DECADES), 0.05))",
        "return max(0.05, (min(1 + decades / DECADES, 1.0)))",
    ],
    "view/tree.py": [
        "widths = [(min(max(room, NARROWEST), longest)), *others]",
        "widths = [min(longest, (max(NARROWEST, room))), *others]",
    ],
    "program/machine.py": [
        "m = (min(n - s, LANES))",
        "values[i][j] = table[i, s + (min(m - 1, j))]",
        "adjoints[w, 0] += (dot(values[operands[i + half]], g))",
    ],
    "program/arrays.py": [
        '"hypot": lambda a, b: (xp.hypot(as_array(xp, b, a), as_array(xp, a, b))),',
        '"logaddexp": lambda a, b: (xp.logaddexp(as_array(xp, b, a), as_array(xp, a, b))),',
    ],
    "program/stretches.py": [
        "self.steps = (max(round(self.steps * more), 1))",
        "more = (min(GROWTH, SPAN / took)) if took > 0 else GROWTH",
    ],
}
NAN = {
    "engine/floats.py": [
        "return a if a > b else b if a <= b else (a - b)",
        "return a if a < b else b if a >= b else (a - b)",
        "return 1.0 if a > b else 0.0 if a <= b else (a - b)",
        "return 1.0 if a == b else 0.0 if a < b or a > b else (a - b)",
    ],
    "program/arrays.py": [
        '"above": lambda a, b: where(a > b, 1.0, where(a <= b, 0.0, (a - b))),',
        '"equal": lambda a, b: where(a == b, 1.0, where((a < b) | (a > b), 0.0, (a - b))),',
        "return where(a > b, a, where(a <= b, b, (a - b)))",
    ],
}
TIE = {
    "engine/floats.py": [
        "return (1.0 if (a >= 0) else e) / (1 + e)",
        "return (a if (a >= b) else b) + math.log1p(math.exp(apart))",
        "return (1.0 if (apart >= 0) else e) / (1 + e)",
        "return a if (a >= 0) else 0.01 * a",
        "return 1.0 if a == b else 0.0 if (a <= b) or a > b else a + b",
        "return 1.0 if a == b else 0.0 if a < b or (a >= b) else a + b",
    ],
    "program/arrays.py": [
        '"equal": lambda a, b: where(a == b, 1.0, where(((a <= b)) | (a > b), 0.0, a + b)),',
        '"equal": lambda a, b: where(a == b, 1.0, where((a < b) | ((a >= b)), 0.0, a + b)),',
        '"leaky_relu": lambda a: where((a >= 0), a, 0.01 * a),',
        "return xp.where((a >= 0), 1.0, e) / (1 + e)",
        '"softplus": lambda a: xp.where((a >= 0), a, 0.0) + xp.log1p(xp.exp(-abs(a))),',
    ],
}
ZERO = {
    "engine/primitives.py": [
        "return (b / y)  # 0⁰ · 0: that 0⁰ has no derivative in b, this has not either",
    ],
}
ONE = {
    "lesson/lesson.py": [
        "if len(found) != 1 or (names and found[(-1)] not in WITH_NAMES):",
        "COMMANDS[found[(-1)]](self, *names)",
        "output = values[0] if len(values) > 1 else self.find_output(values[-(0)])",
        "output = values[(-1)] if values else self.find_output()",
    ],
    "notation/notation.py": [
        "return cls(cls.MINUS + operands[(-1)].on_the_right(PRODUCT), PRODUCT)",
    ],
    "notation/typeset.py": [
        "return cls(cls.ROOT.format(texts[(-1)]))",
        'return cls(cls.put_between("|", texts[(-1)], "|"))',
        "return cls(cls.POWER_FORM.format(cls.EULER, texts[(-1)]), POWER)",
    ],
    "teach/shapes.py": [
        "if far and (slope := y.partials[(-1)]) < 0.1:",
        "if node.op is p.softplus and is_sigmoid(unsigned(node.operands[(-1)])):",
        "return exponents(node.operands[(-1)])",
        "ahead = joined_by(node.operands[(-1)], p.logaddexp) if node.op is p.softplus else []",
        "inner = [y.operands[(-1)] for y in several]",
        "return x.operands[(-1)] if operation(x) is p.neg else x",
    ],
    "teach/watching.py": ['self.sizes["flat", layer].append(node.partials[(-1)] < FLAT[node.op])'],
    "engine/sums.py": ["partials = self.rules[(-1)](*operands, y)"],
    "fast/layers.py": ["partials = op.rules[(-1)](*numbers, data)"],
    "program/descent.py": [
        "doubt += add_doubts(part[(-1)])",
        "state.data[:n] = moved[0][(-1)]",
        "state.memories[i][(-1)][:] = moved[i + 1][0]",
        "state.memories[i][0][:] = moved[i + 1][(-1)]",
    ],
    "program/batching.py": [
        "found: set[int] = {x.shape[(-1)] for x in inputs if has_samples(x)} or {1}",
        "return xp.sum(x) / x.shape[(-1)] if has_samples(x) else x",
        "return a @ b / a.shape[(-1)] if has_samples(a) and has_samples(b) else mean(a * b)",
        'if complete == [line.target] and line.right == " * ".join(line.reads) != '
        "line.reads[(-1)]:",
    ],
}
UNREAD = {
    "lesson/advice.py": ["near = get_close_matches(name, known, n=(2))"],
    "lesson/lesson.py": [  # the script's name takes its place
        "self.module = ModuleType(('XX__main__'))",
    ],
    "lesson/script.py": [  # if one of the lessons has a number, all have
        'if re.match(r"\\d+_", paths[(-1)].name):',
    ],
    "notation/screen.py": [  # X is a letter anyway
        "is_prose = all(line[:1].isalnum() or line[:1] in {*('XX\\'\"(`∂')} for line in lines)",
    ],
    "stepping/explaining.py": [
        "widths = [0] * max(map(len, rows), default=(1))",
        "widths = [0] * max(map(len, rows), default=(-1))",
    ],
    "stepping/what_if.py": ["near = get_close_matches(str(key), leaves, n=(2))"],
    "teach/shapes.py": [
        "return [*(x.operands[0] for x in ahead), ahead[(-1)].operands[1]]",
    ],
    "teach/answers.py": [  # before these lines no word is left, so no X
        "return text.rstrip(('XX .,;:'))",
        'ending = (\'XX .,;:(-\') if head.rstrip().endswith("(") else " .,;:("',
        'ending = " .,;:(-" if head.rstrip().endswith("(") else (\'XX .,;:(\')',
    ],
    "teach/slips.py": ["if not found[key] or len(found[key][(-1)]) == count:"],
    "teach/learner.py": ["MARK = ('XXautograd_mini facts: ')"],  # who writes it and who reads it
    "teach/watching.py": [
        "self.lit = {write_label(x.label): (1) for x in relus} | self.lit | on",
        "self.lit = {write_label(x.label): (-1) for x in relus} | self.lit | on",
    ],
    "engine/steady.py": [
        "pass for return cls()",
        "if node in moving or adjoints.get(node, (1.0)) != 0:",
        "if node in moving or adjoints.get(node, (-1.0)) != 0:",
    ],
    "engine/sums.py": ["lambda *v: affine_partials(*halves(v[:-(2)])),  # the last is the result"],
    "engine/value.py": ["for depth in range(self.depth, (-1), -1):"],
    "view/options.py": [
        "near = get_close_matches(unknown[0], known, (2))",
        "class Keywords(TypedDict, total=(True)):",
    ],
    "view/picture.py": [
        "sideways = (True)",
    ],
    "view/living.py": [
        "held: bool = (False)",
    ],
    "view/render.py": [
        "pass for RuntimeError.__init__(self, message)",
        "return str(self.args[(-1)])",
    ],
}
ANY_NUMBER = {
    "notation/javascript.py": [
        'return "Infinity" if (x >= 0) else "-Infinity"',
        'return "Infinity" if x > (1) else "-Infinity"',
        'return "Infinity" if x > (-1) else "-Infinity"',
    ],
    "lesson/script.py": [
        "end = tree.body.pop(0).end_lineno or (1) if doc else 0",
        "end = tree.body.pop(0).end_lineno or (-1) if doc else 0",
    ],
    "teach/stages.py": [
        "loss = engine.Value((1.0))",
        "loss = engine.Value((-1.0))",
    ],
    "teach/doctor.py": [
        'weight, size = max(inputs, key=lambda item: item[1], default=("", (2.0)))',
        "ratio = adjoints.get(first, (2.0)) / adjoints.get(last, 1.0)",
        "ratio = adjoints.get(first, 1.0) / adjoints.get(last, (2.0))",
    ],
    "teach/exercises.py": [
        "hard = signature(first.output) if first else ((1),)",
        "hard = signature(first.output) if first else ((-1),)",
    ],
    "teach/shapes.py": [
        "plain = x if isinstance(x, float) else (1.0) if x.depth or x in parameters else x.data",
        "plain = x if isinstance(x, float) else (-1.0) if x.depth or x in parameters else x.data",
    ],
    "engine/changes.py": ["deque(chain.from_iterable(self._calls), maxlen=(1))"],
    "stepping/naming.py": [
        'return [(int(x), "") if i % 2 else ((1), x) for i, x in enumerate(parts)]',
        'return [(int(x), "") if i % 2 else ((-1), x) for i, x in enumerate(parts)]',
    ],
    "stepping/missteps.py": [
        "RESULT, PARTIAL = -1, -(3)  # places of a letter; those of the operands are 0, 1, …",
    ],
    "engine/steady.py": [
        "return (0.0) if is_flat(op, len(operands)) else cls()",
        "return (2.0) if is_flat(op, len(operands)) else cls()",
    ],
    "engine/value.py": [
        "node = Value((1.0))",
        "node = Value((-1.0))",
        "total = (1.0)  # is finite only if all grads are",
        "total = (-1.0)  # is finite only if all grads are",
    ],
    "fast/generate.py": [
        "op, operands = method(Asked(), *[(1.0)] * len(needed))",
        "op, operands = method(Asked(), *[(-1.0)] * len(needed))",
    ],
    "view/living.py": [
        '"large": failure(TABLE["exp"], [(2.0)], [1.0], OverflowError()).partition(": ")[2],',
        '"large": failure(TABLE["exp"], [(0.0)], [1.0], OverflowError()).partition(": ")[2],',
        '"large": failure(TABLE["exp"], [1.0], [(2.0)], OverflowError()).partition(": ")[2],',
        '"large": failure(TABLE["exp"], [1.0], [(0.0)], OverflowError()).partition(": ")[2],',
        '"division": said_by(lambda: operator.truediv((2.0), 0.0)),',
        '"division": said_by(lambda: operator.truediv((0.0), 0.0)),',
        '"power": said_by(lambda: operator.pow(0.0, -(2.0))),',
        '"overflow": said_by(lambda: operator.pow(1e300, (3.0))),',
        '"domain": said_by(lambda: math.sqrt(-(2.0))),',
    ],
    "view/boxes.py": [
        "return math.hypot(*grads) / math.sqrt(len(grads) or (2))",
    ],
    "view/plot.py": [
        "low, high = ends or (min(finite, default=(1.0)), max(finite, default=0.0))",
        "low, high = ends or (min(finite, default=(-1.0)), max(finite, default=0.0))",
        "low, high = ends or (min(finite, default=0.0), max(finite, default=(1.0)))",
        "low, high = ends or (min(finite, default=0.0), max(finite, default=(-1.0)))",
        "unit = (high - low) / (len(BARS) - 1) or (2.0)",
        'axes.scatter(*finite[-1], marker="X", s=90, c=[hue], zorder=(4), label="diverged")',
        "axes.scatter(xs, ys, marker=mark, c=fill, edgecolors=rim, label=label, zorder=(4))",
        'add_legend(axes, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=(3))',
    ],
    "view/animate.py": [
        "last: int = (3)",
        "last: int = (1)",
    ],
    "view/tree.py": [
        "self.sizes[box] = (2) + sum(self.sizes.get(x.far, 1) for x in self.below[box])",
        "self.sizes[box] = 1 + sum(self.sizes.get(x.far, (2)) for x in self.below[box])",
        "self.sizes[box] = 1 + sum(self.sizes.get(x.far, (0)) for x in self.below[box])",
        "ordered = sorted(self.below[box], "
        "key=lambda x: self.sizes[x.far] if self.goes_on(x) else (1))",
        "ordered = sorted(self.below[box], "
        "key=lambda x: self.sizes[x.far] if self.goes_on(x) else (-1))",
    ],
    "view/rows.py": [
        "whole[level if layout.has_frames else ordered[(-1)]] += ordered",
    ],
    "view/places.py": [
        "SQUARE = (25.0)  # points: the width of the squares by which points are looked up",
        "SQUARE = (23.0)  # points: the width of the squares by which points are looked up",
        "for i in range(0, len(ends) - (2), 3):",
    ],
    "program/descent.py": [
        "doubt = (1.0)",
        "doubt = (-1.0)",
    ],
    "program/machine.py": [
        "WEIGHTED_SUM, TOTAL = (-1), 1",
    ],
    "program/native.py": [
        "return ir.Constant(ir.IntType(64), (1))",
        "return ir.Constant(ir.IntType(64), (-1))",
    ],
    "program/training.py": [
        'return getattr(columns, "ndim", (1)) == 2 and holds_reals(columns)',
        'return getattr(columns, "ndim", (-1)) == 2 and holds_reals(columns)',
    ],
    "program/arrays.py": [
        "return xp.where(large, xp.sign(a), erf_series(xp, xp.where(large, (1.0), a)))",
        "return xp.where(large, xp.sign(a), erf_series(xp, xp.where(large, (-1.0), a)))",
        '"through": lambda a, b: where(b == 0, (1.0), as_array(xp, a, b)) * b,  # never '
        "infinity · 0",
        '"through": lambda a, b: where(b == 0, (-1.0), as_array(xp, a, b)) * b,  # never '
        "infinity · 0",
        "total = reduce(lambda s, n: 1 + t / (2 * n + 1) * s, range(ERF_TERMS, 0, -1), (2.0))",
        "total = reduce(lambda s, n: 1 + t / (2 * n + 1) * s, range(ERF_TERMS, 0, -1), (0.0))",
    ],
    "view/layout.py": [
        "return members[(-1)]",
    ],
}
SLOW_WAY = {
    "program/kernel.py": [
        "inline = (f.__module__ != module.__name__) and name not in CALLED",
        'SUMMING = {(\'XXadd_lanes\'), "add_doubts", "dot", "four_dots", "find_doubt"}',
        'SUMMING = {"add_lanes", (\'XXadd_doubts\'), "dot", "four_dots", "find_doubt"}',
        'SUMMING = {"add_lanes", "add_doubts", (\'XXdot\'), "four_dots", "find_doubt"}',
        'SUMMING = {"add_lanes", "add_doubts", "dot", (\'XXfour_dots\'), "find_doubt"}',
        'SUMMING = {"add_lanes", "add_doubts", "dot", "four_dots", (\'XXfind_doubt\')}',
        "pass for SHORT += [primitives.above, primitives.equal, primitives.through, "
        "primitives.relu]",
        "pass for SHORT += [primitives.leaky_relu, primitives.absolute, primitives.maximum, "
        "primitives.minimum]",
        "inline = (f.__module__ == module.__name__ or name not in CALLED)",
        "inline = f.__module__ == module.__name__ and (name in CALLED)",
        'return compile_module(module, "run_samples", declare_machine(), keep=not own, '
        "_nrt=(True))",
        "compiled = njit(signature, cache=keep, nogil=(False), **relaxed)",
        "if (used < {*OPS}):",
    ],
    "stepping/naming.py": [
        "pass for return labels",
        "if self._partials[(1)] is not node:  # one step after the other asks for the same node",
        "if self._partials[(-1)] is not node:  # one step after the other asks for the same node",
    ],
    "engine/care.py": ["pass for return []"],
    "engine/graph.py": ["pass for return []"],
    "engine/arguments.py": ["pass  # pyright: ignore[reportReturnType]"],
    "view/places.py": [
        "return math.floor(point[0] / SQUARE), math.floor(point[(0)] / SQUARE)",
        "cells = [(x, y) for x in range(left, right + (2)) for y in range(top, bottom + 1)]",
        "cells = [(x, y) for x in range(left, right + 1) for y in range(top, bottom + (2))]",
        "pass for break",
    ],
    "program/native.py": [
        "name: guard_builtin(f) if isbuiltin(f) else njit(f, forceinline=(False))",
        "inlined = njit(forceinline=(False))(sample)",
    ],
    "program/machine.py": [
        "if (i + 4 < end) and all_four(tape.fixed, operands, i):",
        "if i + (5) <= end and all_four(tape.fixed, operands, i):",
        "if (i + 4 < end) and all_four(fixed, operands, i) and all_four(wanted, operands, i):",
        "if i + (5) <= end and all_four(fixed, operands, i) and all_four(wanted, operands, i):",
        "if (wanted[w] or fixed[w]):",
    ],
    "teach/classes.py": ["for draw in range((0), DRAWS + 1):"],
    "fast/layers.py": [
        "pass for return weights",
        "if not len(weights) == len(leaves) == len(self.numbers) or "
        "((not constant or bias.depth)):",
        "self.constant = (len(nodes) <= len(inputs))",
    ],
    "program/program.py": [
        "if math.isfinite((sum(found[1]) - sum(found[2]))):",
        "with self.machine.ready(table.shape[(0)], by_inputs=True) as machine:",
        "return nullcontext(Machine(self.run_lines, (), (1)))",
        "return nullcontext(Machine(self.run_lines, (), (-1)))",
        "run = bind(function, body, scope, self.progress, waits=(xp is not None))",
    ],
    "program/training.py": [
        "native = (len(picks) >= 1) and kind in COMPILED and program.machine  # a call takes long",
        "native = len(picks) > (2) and kind in COMPILED and program.machine  # a call takes long",
        "native = len(picks) > (0) and kind in COMPILED and program.machine  # a call takes long",
        "samples = len(picks[0]) if picks[(-1)] else columns.shape[1]",
        "samples = len(picks[(-1)]) if picks[0] else columns.shape[1]",
        "samples = len(picks[0]) if picks[0] else columns.shape[(0)]",
        "if not (set(program.parameters) < set(self.values)):",
    ],
    "program/batching.py": [
        "pass for return [*scalars]",
    ],
    "view/scopes.py": [
        "pass for return dict.fromkeys(graph, ())",
    ],
}
INSIDE = {
    "notation/plain.py": ["IN_LETTERS = ('XXautograd_mini.plain')"],
    "notation/text.py": [
        "TURNED = ('XXbelow')  "
        '# the primitive "above" where a number is on its left: [a < 0], not [0 > a]',
    ],
    "lesson/terminal.py": [
        "_listening: ContextVar[bool] = ContextVar(('XXlistening'), default=False)",
    ],
    "program/runner.py": [
        "self.results = compile(function.results, ('XXresults'), \"eval\")",
    ],
    "view/layout.py": [
        'return (\'XXalike\'), scope, x.label.removeprefix(".".join((*scope, "")))',
        "return x if apart else (('XXloose'), (), loose_kind(x))",
    ],
}
STEEP = {
    "teach/shapes.py": [
        "far = t in (low, high) and (abs(y.data - t) >= (high - low) / 2)",
        "far = t in (low, high) and abs(y.data - t) > (high - low) / (3)",
    ],
}
NEVER = {
    "expression.py": [
        "column = len(line[: node.col_offset].decode(errors=('XXignore'))) + 1",
    ],
}
LANES = {
    "program/machine.py": [
        "adjoints[w, (-1)] += d0",
        "adjoints[operands[i + 1], (-1)] += d1",
        "adjoints[operands[i + 2], (-1)] += d2",
        "adjoints[operands[i + 3], (-1)] += d3",
        "adjoints[w, (-1)] += dot(g, values[operands[i + half]])",
    ],
}
FIXED = {
    "program/machine.py": [
        "v0, v1 = values[operands[i], (-1)], values[operands[i + 1], 0]",
        "v0, v1 = values[operands[i], 0], values[operands[i + 1], (-1)]",
        "v2, v3 = values[operands[i + 2], (-1)], values[operands[i + 3], 0]",
        "v2, v3 = values[operands[i + 2], 0], values[operands[i + 3], (-1)]",
        "d, v = tape.adjoints[x], tape.values[w, (-1)]",
    ],
}
UNIT = {
    "program/program.py": [
        "numbers = [*((x / 1.0) for x in given), *self.data]  # whole numbers have no fractions",
    ],
}
PLACEHOLDER = {
    "program/machine.py": [
        "pass for raise NotImplementedError",
    ],
    "program/descent.py": [
        "pass for raise NotImplementedError",
    ],
}
ROUND = {
    "stepping/check.py": [
        "scales = {size / (9)**k for size in (max(1.0, abs(x)), abs(x)) for k in range(SCALES)}",
        "scales = {size / (11)**k for size in (max(1.0, abs(x)), abs(x)) for k in range(SCALES)}",
        "is_sure = best is first or (9) * best.error <= COARSE * abs(best.derivative)",
        "is_sure = best is first or (11) * best.error <= COARSE * abs(best.derivative)",
        "scales = {size / 10**k for size in (max((2.0), abs(x)), abs(x)) for k in range(SCALES)}",
        "return (STEP * scale for scale in sorted(scales, reverse=True) "
        "if (scale >= sys.float_info.min))",
        "is_sure = best is first or (10 * best.error < COARSE * abs(best.derivative))",
        "lost = (EPSILON * size >= COARSE * max(1.0, abs(y)))",
        "return len(self.fine.sides) == 1 or (apart >= max(0.75 * before, slack))",
        "return (finer.change >= max(self.change, 4 * finer.noise)) and len(finer.fine.sides) == 2",
        "if not (abs(by_rule - found.derivative) < tolerance):",
        "return AGREES if (tolerance < COARSE * max(abs(found.derivative), size, 1.0)) "
        "else UNCLEAR",
        "slack = SHARE * max(map(abs, self.fine)) + (99) * self.noise",
        "slack = SHARE * max(map(abs, self.fine)) + (101) * self.noise",
        "moves = (abs(x - y) for x, y in pairs if (abs(x) < 1.2 * abs(y)))  # NaN is left out, too",
    ],
    "stepping/documents.py": [
        "LONGEST_ROW = (179)  # characters of LaTeX; of a longer equation the numbers have their "
        "own line",
        "LONGEST_ROW = (181)  # characters of LaTeX; of a longer equation the numbers have their "
        "own line",
        "is_long = (len(self.graph.algebra(node).text) >= BRIEF)",
        "is_long = (sum((len(side.formula.text) for side in others)) >= LONGEST_ROW)",
    ],
    "stepping/editing.py": [
        "TRIED_ONE_BY_ONE = (49)  # operands that have been edited, "
        "above which they are not tried one by one",
        "TRIED_ONE_BY_ONE = (51)  # operands that have been edited, "
        "above which they are not tried one by one",
        "if (len(earlier) < TRIED_ONE_BY_ONE):",
    ],
    "view/page.py": [
        "MOST_BOXES = (149)  # more than a picture on paper: "
        "the page scrolls to the one that matters",
        "MOST_BOXES = (151)  # more than a picture on paper: "
        "the page scrolls to the one that matters",
    ],
    "stepping/modules.py": [
        "READABLE = (39)  # values; a network with more is told without what its modules do inside",
        "READABLE = (41)  # values; a network with more is told without what its modules do inside",
        "if not folds or (len(graph) < READABLE):",
        "self.is_crowd = (sum((bool(self.scopes[node]) for node, _ in leaving)) >= READABLE)",
    ],
    "stepping/naming.py": [
        "BRIEF = (39)  # characters of algebra within a derivative",
        "BRIEF = (41)  # characters of algebra within a derivative",
        "return whole if (len(whole.text) < BRIEF) else write_ends(node, Symbol, self.symbol)",
    ],
    "stepping/explaining.py": [
        "WIDEST = (119)  # characters of the rows that are aligned where no terminal says how many",
        "WIDEST = (121)  # characters of the rows that are aligned where no terminal says how many",
        "if not any(widths) or (sum(wider) + len(gap) * (len(wider) - 1) < most):",
    ],
    "teach/shapes.py": ["if far and ((slope := y.partials[0]) <= 0.1):"],
    "teach/watching.py": [
        'self.sizes["flat", layer].append((node.partials[0] <= FLAT[node.op]))',
    ],
    "teach/learner.py": [
        "SECONDS = (11.0)  # that all probes of a stage may take together",
        "SECONDS = (9.0)  # that all probes of a stage may take together",
    ],
    "teach/mistakes.py": [
        "MANY_VISITS = (199999)  # what a recursion along every path may take; "
        "their number doubles quickly",
        "MANY_VISITS = (200001)  # what a recursion along every path may take; "
        "their number doubles quickly",
        "if not (sum(forgot_partial(output).values()) <= MANY_VISITS):",
        "MOST_VALUES = (199999)  # that all engines can go through in some ten seconds",
        "MOST_VALUES = (200001)  # that all engines can go through in some ten seconds",
    ],
    "stepping/paths.py": [
        "MOST_LEFT_OUT = (5)  # paths to a node, of which all choices to leave out are tried",
        "MOST_LEFT_OUT = (7)  # paths to a node, of which all choices to leave out are tried",
    ],
    "stepping/walking.py": [
        "STRIDE = (999)  # steps of a long way that are taken together, "
        "so that Ctrl-C keeps most of them",
        "STRIDE = (1001)  # steps of a long way that are taken together, "
        "so that Ctrl-C keeps most of them",
    ],
    "view/legend.py": [
        "WIDE, LONG = (121), 1000  # characters in a line, and in one that tells a product",
        "WIDE, LONG = (119), 1000  # characters in a line, and in one that tells a product",
        "WIDE, LONG = 120, (1001)  # characters in a line, and in one that tells a product",
        "WIDE, LONG = 120, (999)  # characters in a line, and in one that tells a product",
    ],
    "program/arrays.py": [
        "ERF_TERMS = (124)  # enough for 1e-16 up to 6, where erf is 1 to the last digit",
        "ERF_TERMS = (126)  # enough for 1e-16 up to 6, where erf is 1 to the last digit",
        "large = (abs(a) > 6)",
        "large = abs(a) >= (7)",
    ],
    "program/kernel.py": [
        "BLOCK = (31)  # lanes of a batch; eight times what a processor computes at once",
        "BLOCK = (33)  # lanes of a batch; eight times what a processor computes at once",
        "ALONE = (7)  # samples; fewer are computed one by one",
        "ALONE = (9)  # samples; fewer are computed one by one",
    ],
    "program/program.py": [
        "BY_VALUES = (19)  # runs of a large program that are not worth to compile it",
        "BY_VALUES = (21)  # runs of a large program that are not worth to compile it",
        "return (self.recording.size >= runner.LARGE) and self.runs <= BY_VALUES",
    ],
    "program/runner.py": [
        "LARGE = (59999)  # lines, of 20,000 nodes; Python needs 2 KB of memory for each "
        "while it compiles",
        "LARGE = (60001)  # lines, of 20,000 nodes; Python needs 2 KB of memory for each "
        "while it compiles",
        "PIECE = (4999)",
        "PIECE = (5001)",
        "if (len(body) >= LARGE):",
    ],
    "program/source.py": [
        "TERMS = (99)  # of a sum on one line; Python's compiler descends one level for every sign",
        "TERMS = (101)  # of a sum on one line; Python's compiler descends one level for "
        "every sign",
    ],
    "program/stretches.py": [
        "GROWTH = (99)",
        "GROWTH = (101)",
    ],
}
BY_EYE = {
    "view/plot.py": [
        "axes.legend(facecolor=PAPER, framealpha=1.0, edgecolor=GRID, handlelength=(5.0), **place)",
        '(INK, (0, ((9), 1, 1, 1, 1, 1)), "v"),',
        '(INK, (0, ((7), 1, 1, 1, 1, 1)), "v"),',
        '(INK, (0, (8, (2), 1, 1, 1, 1)), "v"),',
        '(INK, (0, (8, 1, (2), 1, 1, 1)), "v"),',
        '(INK, (0, (8, 1, 1, (2), 1, 1)), "v"),',
        '(INK, (0, (8, 1, 1, 1, (2), 1)), "v"),',
        '(INK, (0, (8, 1, 1, 1, 1, (2))), "v"),',
        'axes.scatter(*finite[-1], marker="X", s=(91), c=[hue], zorder=3, label="diverged")',
        'axes.scatter(*finite[-1], marker="X", s=(89), c=[hue], zorder=3, label="diverged")',
    ],
}
LAYOUT = {
    "notation/screen.py": [
        "return shutil.get_terminal_size((NARROW, (23))).columns",
        "return shutil.get_terminal_size((NARROW, (25))).columns",
    ],
    "saving.py": ['write_whole(path, json.dumps(content, indent=(2)) + "\\n")'],
    "lesson/notebook.py": [
        'return json.dumps(notebook, indent=(2), ensure_ascii=False) + "\\n"',
        'return json.dumps(notebook, indent=(0), ensure_ascii=False) + "\\n"',
    ],
    "fast/generate.py": [
        "WRITTEN_OUT = (79)  # characters of a body at most",
        "WRITTEN_OUT = (81)  # characters of a body at most",
    ],
    "program/source.py": [
        "WIDTH = (99)  # of a line",
        "WIDTH = (101)  # of a line",
    ],
}
REASONS = {
    "the order of its arguments does not matter": SYMMETRIC,
    "one of the two is NaN, and so are sum and difference": NAN,
    "of two equal numbers either is the larger, and both give the same": TIE,
    "there b is 0 and y is 1": ZERO,
    "there is one of it, the first and the last": ONE,
    "nothing that is read is another": UNREAD,
    "which number it is does not matter": ANY_NUMBER,
    "the general way, which is slower, leads to the same numbers": SLOW_WAY,
    "a name that is given here is shown nowhere": INSIDE,
    "halfway between its limits a function is steep, and learns": STEEP,
    "Python tells columns where a letter begins, so decoding never fails": NEVER,
    "all lanes of a row are added up in the end, so it does not matter which gets a sum": LANES,
    "all lanes of a row that is fixed hold one number": FIXED,
    "a number divided by 1 is what it is times 1": UNIT,
    "the text that is compiled has another function of this name": PLACEHOLDER,
    "a limit was chosen because it is round, and one more or less does as well": ROUND,
    "how long or wide it is was chosen by eye, and a little more or less looks as well": BY_EYE,
    "how high a screen is, and where code is broken or indented, is nobody's concern": LAYOUT,
}


def reason_of(fault: Fault) -> str | None:
    """Return why a fault need not be noticed, or None."""
    file = fault.file.removeprefix("autograd_mini/")
    change = f"pass for {fault.line}" if fault.change == "pass" else fault.change
    for reason, lines in REASONS.items():
        if change in lines.get(file, ()):
            return reason
    return None
