"""jupyterquiz: what we write it shows, and what it takes we read."""

import json
import re
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from jupyterquiz import display_quiz

from client_triage.exchange import address, items
from client_triage.exchange.jupyterquiz import (
    ChoiceQuestion,
    Default,
    NumericQuestion,
    Range,
    StringQuestion,
    Text,
    Value,
    arrange,
    dump,
    load,
)
from client_triage.faults import FaultyFileError

SIGNS = "a < b & c, <br> $5 or $6, \\(x\\), [see](http://x), &lt;\n\n“끝”"
CHOICES = [
    {"answer": "yes", "correct": True, "feedback": "Yes."},
    {"code": "no()", "correct": False},
]
NUMBERS = [
    {"type": "value", "value": 3.14, "correct": True, "feedback": "Yes."},
    {"range": [3, 3.5], "correct": False, "feedback": "Nearly."},
    {"type": "default", "feedback": "No."},
]
TEXTS = [
    {"answer": "JFK", "correct": True, "match_case": True, "fuzzy_threshold": 0.8},
    {"type": "default", "feedback": "No."},
]


def choice(text="Which?", **keys):
    return {"question": text, "type": "multiple_choice", "answers": CHOICES, **keys}


def faults(source):
    with pytest.raises(FaultyFileError) as refused:
        load(source)
    return str(refused.value).splitlines()


@pytest.fixture
def file(tmp_path):
    """Write a quiz file: bytes or a text as they are, anything else as JSON."""

    def write(quiz):
        path = tmp_path / "quiz.json"
        text = quiz if isinstance(quiz, str | bytes) else json.dumps(quiz)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def shown(monkeypatch):
    """Have the real jupyterquiz show a quiz: gives its HTML, and its script's list."""

    def show(quiz):
        displayed = []
        monkeypatch.setattr("jupyterquiz.dynamic.display.display", displayed.append)
        display_quiz(quiz)
        page, script = displayed
        (started,) = re.findall(r"^var questions\w+=(.*);$", script.data, re.MULTILINE)
        return page.data, json.loads(started)

    return show


# what we write


def test_jupyterquiz_shows_every_item_that_we_give_it(shipped, words, quietly, shown):
    quiz = quietly(dump, shipped, words)
    page, started = shown(quiz)
    assert page.startswith("<div id=")
    assert started == quiz


def test_jupyterquiz_has_a_script_for_every_type_that_we_write(shipped, english, quietly):
    import jupyterquiz

    scripts = (Path(jupyterquiz.__file__).parent / "js").glob("*.js")
    known = re.findall(r"Question\.register\('(\w+)'", "".join(map(Path.read_text, scripts)))
    written = {question["type"] for question in quietly(dump, shipped, english)}
    assert {"multiple_choice", "many_choice", "numeric"} == written <= set(known)


def test_every_item_comes_back_as_it_was(shipped, words, quietly):
    kept = [
        item
        for own in shipped.values()
        for item in own
        if item.type in {"choose-one", "choose-many", "number"}
    ]
    for item, question in zip(kept, load(quietly(dump, shipped, words)), strict=True):
        said = items.feedback(item, words)
        assert question.question == items.question(item, words)
        if isinstance(question, ChoiceQuestion):
            named = items.options(item, words)
            assert [
                (answer.answer, answer.correct, answer.feedback) for answer in question.answers
            ] == [(named[one], one in items.right(item), said[one]) for one in named]
        else:
            assert isinstance(question, NumericQuestion)
            assert {answer.feedback for answer in question.answers} == set(said.values())


@pytest.mark.parametrize(("entry", "side"), [(78.9, "below"), (79, "right"), (81, "right")])
def test_the_first_answer_that_fits_a_number_speaks_of_its_side(english, entry, side):
    content = english.content
    item = content.quiz("slow-pay").item("cost-of-waiting")  # 80, give or take 1
    (question,) = load(dump({"slow-pay": [item]}, english))
    fits = next(
        answer
        for answer in question.answers
        if (isinstance(answer, Value) and answer.value == entry)
        or (isinstance(answer, Range) and answer.range[0] <= entry < answer.range[1])
    )
    assert fits.feedback == items.feedback(item, english)[side]
    assert fits.correct == (side == "right")


def test_an_answer_above_the_tolerance_is_told_so(english):
    item = english.content.quiz("slow-pay").item("cost-of-waiting")
    (question,) = load(dump({"slow-pay": [item]}, english))
    last = question.answers[-1]
    assert (last.range[0], last.correct) == (81, False)
    assert last.feedback == items.feedback(item, english)["above"]


def test_no_sign_in_a_text_reaches_jupyterquiz_as_markup(saying, english):
    (question,) = dump(saying(SIGNS), english)
    for text in (question["question"], question["answers"][0]["feedback"]):
        assert re.findall(r"<[^>]+>", text.replace("<span>", "").replace("</span>", "")) == [
            "<br>",
            "<br>",
        ]
        assert not set("$\\[") & set(text)


def test_every_sign_in_a_text_comes_back(saying, english):
    (question,) = load(dump(saying(SIGNS), english))
    assert question.question == SIGNS
    assert {(one.answer, one.feedback) for one in question.answers} == {(SIGNS, SIGNS)}


# what we read


def test_every_type_of_question_is_read(file):
    quiz = [
        choice(code="x = 1"),
        {"question": "Pi?", "type": "numeric", "precision": 3, "answers": NUMBERS},
        {"question": "Who?", "type": "string", "input_width": 20, "answers": TEXTS},
    ]
    first, second, third = load(file(quiz))
    assert isinstance(first, ChoiceQuestion)
    assert (first.code, first.answers[1].code, first.many) == ("x = 1", "no()", False)
    assert second == NumericQuestion(
        question="Pi?",
        type="numeric",
        precision=3,
        answers=(
            Value(value=3.14, correct=True, feedback="Yes."),
            Range(range=(3, 3.5), correct=False, feedback="Nearly."),
            Default(feedback="No."),
        ),
    )
    assert third == StringQuestion(
        question="Who?",
        type="string",
        answers=(
            Text(answer="JFK", correct=True, match_case=True, fuzzy_threshold=0.8),
            Default(feedback="No."),
        ),
    )


def test_a_list_a_path_and_the_name_of_a_file_give_the_same(file):
    quiz = [choice()]
    path = file(quiz)
    assert load(quiz) == load(path) == load(str(path))


def test_base64_is_decoded(file):
    quiz = [choice("한국어?")]
    hidden = b64encode(json.dumps(quiz, ensure_ascii=False).encode())
    assert load(file(hidden)) == load(quiz)


def test_a_byte_order_mark_is_passed_over(file):
    assert load(file(b"\xef\xbb\xbf" + json.dumps([choice()]).encode())) == load([choice()])


def test_more_than_one_right_choice_makes_many_whatever_the_type():
    both = [{"answer": text, "correct": True} for text in "ab"]
    (question,) = load([choice(answers=both)])
    assert question.many


def test_tags_markdown_and_latex_stay_text():
    text = "<b>bold</b> **bold** $x^2$"
    assert load([choice(text)])[0].question == text


def test_entities_and_line_breaks_are_read_as_a_browser_shows_them():
    assert load([choice("a &lt; b<br/>c")])[0].question == "a < b\nc"


def test_keys_that_jupyterquiz_does_not_know_are_passed_over():
    assert load([choice(points=3, answer_cols=2)]) == load([choice()])


def test_a_number_in_quotes_counts_as_in_a_browser():
    answers = [{"type": "value", "value": "0.5", "correct": True}]
    (question,) = load([{"question": "?", "type": "numeric", "answers": answers}])
    assert question.answers[0].value == 0.5


# faults


def test_every_fault_is_told_in_one_go_with_its_place(file):
    path = file(
        [
            choice(answers=[{"answer": "a", "correct": "yes"}, {"correct": True}]),
            {"question": "?", "type": "essay", "answers": []},
            {"type": "numeric", "answers": [{"range": [1], "correct": True}, {"type": "value"}]},
            choice(answers=[]),
            7,
        ]
    )
    types = "multiple_choice, many_choice, numeric, string"
    assert faults(path) == [
        f"{path}: expected true or false, got 'yes' @ $[0].answers[0].correct",
        f"{path}: expected 'answer' or 'code' @ $[0].answers[1]",
        f"{path}: expected one of {types}, got 'essay' @ $[1].type",
        f"{path}: missing key 'question' @ $[2].question",
        f"{path}: expected a list of two numbers, got a list @ $[2].answers[0].range",
        f"{path}: expected 'value', 'range', or 'type' \"default\" @ $[2].answers[1]",
        f"{path}: there is no answer @ $[3]",
        f"{path}: expected an object, got 7 @ $[4]",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ":1: not valid JSON: Expecting value"),
        (b"[\n{]", ":2: not valid JSON: Expecting property name enclosed in double quotes"),
        (b"\xff", ": not a text in UTF-8"),
        (b"{}", ": expected a list, got an object @ $"),
        (b"[]", ": there is no question in it"),
        (b"[NaN]", ": NaN is no number that can be counted with"),
        (b"[" + b"1" * 5000 + b"]", ": a number has too many digits"),
        (b"[" * 100_000, ": nested too deeply for a quiz"),
    ],
)
def test_a_file_that_is_no_quiz_is_refused_with_a_sentence(file, content, problem):
    path = file(content)
    assert faults(path) == [f"{path}{problem}"]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("#question1", "#question1: an element of a page can't be read from here"),
        ("no-such.json", "no-such.json: there is no such file"),
        ("ftp://example.org/q.json", "only addresses with http:// and https:// are read"),
        ("file:///etc/hostname", "only addresses with http:// and https:// are read"),
        ("http://[", "http://[: can't be read: "),
        (7, "questions: expected a list of questions, a path or an address, got 7"),
        ([7], "questions: expected an object, got 7 @ $[0]"),
    ],
)
def test_a_source_that_cannot_be_read_is_refused_with_a_sentence(source, problem):
    (fault,) = faults(source)
    assert problem in fault


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, True, "1/3", None])
def test_what_is_no_number_is_refused(value):
    answers = [{"value": value, "correct": True}]
    (fault,) = faults([{"question": "?", "type": "numeric", "answers": answers}])
    assert fault.startswith("questions: expected a number, got ")


@pytest.mark.parametrize("precision", [-1, 101])
def test_a_precision_that_no_number_can_have_is_refused(precision):
    numeric = {"question": "?", "type": "numeric", "answers": NUMBERS, "precision": precision}
    assert faults([numeric]) == [
        f"questions: expected a precision from 0 to 100, got {precision} @ $[0]"
    ]


@pytest.mark.parametrize("threshold", [-0.1, 1.1])
def test_a_nearness_that_there_is_not_is_refused(threshold):
    answers = [{"answer": "x", "correct": True, "fuzzy_threshold": threshold}]
    (fault,) = faults([{"question": "?", "type": "string", "answers": answers}])
    assert f"expected a fuzzy_threshold from 0 to 1, got {threshold}" in fault


# addresses


@pytest.fixture
def site(monkeypatch):
    """Serve on this machine: /quiz.json, /large, /gone, /away (to ftp), /moved (to the quiz)."""
    monkeypatch.setenv("no_proxy", "*")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps([choice("멀리서?")]).encode()
            away = {"/away": "ftp://127.0.0.1/quiz.json", "/moved": "/quiz.json"}
            if self.path in away:
                self.send_response(302)
                self.send_header("Location", away[self.path])
            else:
                self.send_response(404 if self.path == "/gone" else 200)
            self.end_headers()
            self.wfile.write(b" " * 2000 + body if self.path == "/large" else body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["/quiz.json", "/moved", "/한글.json"])
def test_a_quiz_is_read_from_an_address(site, path):
    assert load(site + path) == load([choice("멀리서?")])


def test_an_error_of_the_server_is_told(site):
    assert faults(f"{site}/gone") == [f"{site}/gone: the server answered 404 Not Found"]


def test_a_redirection_to_another_scheme_is_not_followed(site):
    (fault,) = faults(f"{site}/away")
    assert fault == f"{site}/away: can't be reached: unknown url type: ftp"


def test_more_than_a_quiz_can_be_is_not_read(site, monkeypatch):
    monkeypatch.setattr(address, "MOST_BYTES", 1000)
    assert faults(f"{site}/large") == [f"{site}/large: more than 1,000 bytes: too large for a quiz"]


def test_an_address_that_takes_too_long_is_given_up(site, monkeypatch):
    clock = iter(range(0, 1000, 60))
    monkeypatch.setattr(address.time, "monotonic", lambda: next(clock))
    assert faults(f"{site}/quiz.json") == [f"{site}/quiz.json: not done after 10 seconds"]


def test_an_address_where_nobody_answers_is_told(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    (fault,) = faults("http://127.0.0.1:1/quiz.json")
    assert "can't be reached" in fault


# num, shuffle_questions, shuffle_answers


def seeded(number):
    return Random(number)  # noqa: S311 - nothing is secret in the order of a quiz


@pytest.fixture
def many():
    four = [{"answer": text, "correct": text == "a"} for text in "abcd"]
    numeric = {"question": "Pi?", "type": "numeric", "answers": NUMBERS}
    return load([*(choice(str(number), answers=four) for number in range(9)), numeric])


def test_by_default_all_questions_are_shown_in_order_with_their_answers_shuffled(many):
    shown = arrange(many, seeded(1))
    assert [one.question for one in shown] == [one.question for one in many]
    assert shown[0].answers != many[0].answers
    assert set(shown[0].answers) == set(many[0].answers)


def test_the_answers_of_a_number_keep_their_order(many):
    assert arrange(many, seeded(1))[-1] == many[-1]


def test_nothing_moves_unless_it_is_shuffled(many):
    assert arrange(many, seeded(1), shuffle_answers=False) == many


def test_some_questions_are_drawn_and_keep_their_order(many):
    drawn = arrange(many, seeded(1), num=4, shuffle_answers=False)
    places = [many.index(one) for one in drawn]
    assert len(places) == 4
    assert places == sorted(places) != [0, 1, 2, 3]


def test_questions_are_shuffled_on_request(many):
    shown = arrange(many, seeded(1), shuffle_questions=True, shuffle_answers=False)
    assert shown != many
    assert set(shown) == set(many)


def test_the_same_seed_gives_the_same_quiz(many):
    first, second = (arrange(many, seeded(7), num=3, shuffle_questions=True) for _ in range(2))
    assert first == second


def test_no_question_at_all_is_refused(many):
    with pytest.raises(ValueError, match="1 or more, not 0"):
        arrange(many, seeded(1), num=0)
