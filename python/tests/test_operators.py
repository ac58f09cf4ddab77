"""Operators from everything that means one, their plans, and mistakes under their lines."""

import copy
import json
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from conftest import make_layers

import jetc

PLATE = """\
name: plate
coordinates: {space: [x, y], time: t}
fields: [w]
parameters: {D: 1, rho: 27/10}
outputs:
  residual: D*lap(lap(w)) + rho*w_tt
"""


def test_texts_paths_and_dicts_say_the_same(tmp_path):
    path = tmp_path / "plate.yaml"
    path.write_text(PLATE)
    mapping = {
        "name": "plate",
        "coordinates": {"space": ["x", "y"], "time": "t"},
        "fields": ["w"],
        "parameters": {"D": 1, "rho": Fraction(27, 10)},
        "outputs": {"residual": "D*lap(lap(w)) + rho*w_tt"},
    }
    operators = [jetc.Operator(source) for source in (PLATE, path, str(path), mapping)]
    operators += [jetc.Operator.from_yaml(source) for source in (PLATE, path, str(path), mapping)]
    formula = {**mapping, "source": mapping["outputs"]["residual"]}
    operators.append(jetc.Operator(formula.pop("source"), **{k: v for k, v in formula.items() if k != "outputs"}))
    plans = {operator.plan().to_text() for operator in operators}
    assert len(plans) == 1 and operators[0].plan().channels == 10
    assert operators[0].coordinates == ["x", "y", "t"] and operators[0].fields == ["w"]


def test_numbers_stay_exact():
    for value in (0.1, "1/10", Fraction(1, 10), Decimal("0.1"), np.float64(0.1)):
        operator = jetc.Operator("nu*u_xx", coordinates=["x"], parameters={"nu": value})
        assert "1/10" in operator.plan().to_text(), value
        replaced = jetc.Operator("coordinates: [x]\nparameters: {nu: 1}\noutputs: {r: nu*u_xx}", parameters={"nu": value})
        assert "1/10" in replaced.plan().to_text(), value


def test_builtins_have_the_dimension_of_the_network():
    network = jetc.Network.from_layers(make_layers([5, 8, 1]))
    assert jetc.Evaluator("laplacian", network).channels == 7
    assert jetc.Operator("laplacian", dim=3).coordinates == ["x1", "x2", "x3"]
    assert "laplacian" in jetc.builtins() and "Δ" in jetc.builtins()["laplacian"] + "Δ"
    with pytest.raises(TypeError, match="declares its own fields"):
        jetc.Operator("laplacian", fields=["u"])


def test_plans_are_told_drawn_and_written():
    plan = jetc.Operator("biharmonic", dim=2).plan()
    assert (plan.channels, plan.order, plan.strategy) == (9, 4, "minimal")
    assert str(plan).startswith("Plan: operator=biharmonic") and "collapsed" in str(plan)
    assert plan._repr_svg_().startswith("<svg") and "<svg" in plan._repr_html_()
    assert json.loads(plan.to_json())["format"] == 2
    assert "digraph" in plan.to_dot() and "minimal" in plan.compare()
    assert jetc.Operator("biharmonic", dim=2).plan("collapsed").channels == 17
    assert jetc.Plan.from_text(plan.to_text()).to_text() == plan.to_text()
    with pytest.raises(ValueError, match="strategy is `best`"):
        jetc.Operator("laplacian").plan("best")


def test_a_mistake_is_underlined():
    with pytest.raises(jetc.SpecError) as caught:
        jetc.Operator("u_t + u*u_xz", coordinates=["x", "t"], parameters={"nu": 0.1})
    assert str(caught.value) == (
        "error[unknown-coordinate]: `z` is not a coordinate; coordinates are x, t\n"
        " --> operator:4:24\n"
        "  |\n"
        "4 |   residual: u_t + u*u_xz\n"
        "  |                        ^"
    )
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.line, diagnostic.column, diagnostic.end_column) == ("unknown-coordinate", 4, 24, 25)
    assert caught.value.source.splitlines()[3] == "  residual: u_t + u*u_xz"
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, jetc.JetcError)


def test_all_mistakes_come_at_once():
    with pytest.raises(jetc.SpecError) as caught:
        jetc.Operator({"coordinates": ["x"], "outputs": {"a": "u_xz", "b": "v"}})
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["unknown-coordinate", "unknown-name"]
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value) and type(again) is jetc.SpecError


def test_what_is_no_operator_says_what_would_be():
    with pytest.raises(ValueError, match="did you mean `laplacian`"):
        jetc.Operator("laplcian")
    with pytest.raises(ValueError, match="a formula needs its coordinates"):
        jetc.Operator("u_xx + u_yy")
    with pytest.raises(FileNotFoundError):
        jetc.Operator("nowhere.yaml")
    with pytest.raises(TypeError, match="not int"):
        jetc.Operator(3)
    with pytest.raises(jetc.PlanError, match="no strategy can"):
        jetc.Operator({"coordinates": {"space": {"x": 60}}, "outputs": {"r": "lap(lap(lap(lap(u))))"}}).plan()


def test_operators_and_plans_are_copied_by_text():
    operators = [
        jetc.Operator("laplacian", dim=3),
        jetc.Operator("helmholtz", parameters={"k": "1/3"}),
        jetc.Operator(PLATE),
        jetc.Operator("u_xx", coordinates=["x"]),
    ]
    for operator in operators:
        for again in (pickle.loads(pickle.dumps(operator)), copy.deepcopy(operator)):
            assert again.plan().to_text() == operator.plan().to_text()
        plan = operator.plan()
        assert pickle.loads(pickle.dumps(plan)).to_text() == plan.to_text()


def test_an_operator_that_does_not_fit_the_network_says_so():
    network = jetc.Network.from_layers(make_layers([2, 8, 1]))
    with pytest.raises(jetc.EvaluationError, match="3 coordinates but the network takes 2"):
        jetc.Evaluator(PLATE, network)
