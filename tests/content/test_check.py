"""Content that an author broke: every fault at once, as ``file: problem @ path``."""

import re
import shutil

import pytest

from client_triage.content import content_folder, load_content
from client_triage.faults import FaultyFileError
from client_triage.store.samples import check

LIES = "scenarios/03-lies"
SLOW_PAY = "scenarios/05-slow-pay"


@pytest.fixture
def content(tmp_path):
    """Copy the shipped content to change it."""
    return shutil.copytree(content_folder(), tmp_path / "content")


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def lines(content):
    found = [str(fault) for fault in check(content)]
    for line in found:
        assert re.match(r"content/[^ ]+?(:\d+)?: \S", line), line
        assert "\n" not in line
    return found


def the_line(content):
    (line,) = lines(content)
    return line


def test_a_copy_of_the_shipped_content_has_no_fault(content):
    assert lines(content) == []


# the sample


def sample_line(content, old, new):
    change(content / "sample" / "ko.json", old, new)
    line = the_line(content)
    assert line.startswith("content/sample/ko.json: ")
    return line


def test_a_sample_that_no_portfolio_can_be_is_found(content):
    line = sample_line(content, '"currency": "KRW"', '"currency": 5')
    assert line.endswith("@ $.currency")


def test_a_scenario_in_a_sample_that_there_is_not_is_found(content):
    assert "slow-paying" in sample_line(content, '"slow-pay"', '"slow-paying"')


# files


def test_missing_prose_in_a_language_is_found(content):
    (content / SLOW_PAY / "ko.md").unlink()
    assert the_line(content).startswith(f"content/{SLOW_PAY}/ko.md: the file is missing")


def test_missing_words_in_a_language_are_found(content):
    (content / SLOW_PAY / "ko.toml").unlink()
    assert the_line(content).startswith(f"content/{SLOW_PAY}/ko.toml: the file is missing")


def test_a_missing_scenario_file_is_found(content):
    (content / SLOW_PAY / "scenario.toml").unlink()
    assert the_line(content).startswith(f"content/{SLOW_PAY}/scenario.toml: the file is missing")


def test_a_missing_catalogue_of_a_language_that_scenarios_have_is_found(content):
    (content / "ui" / "ko.toml").unlink()
    assert any(line.startswith("content/ui/ko.toml: ") for line in lines(content))


def test_missing_contacts_are_found(content):
    (content / "contacts.toml").unlink()
    assert the_line(content).startswith("content/contacts.toml: the file is missing")


def test_a_folder_without_scenarios_is_no_content(tmp_path):
    (line,) = [str(fault) for fault in check(tmp_path)]
    assert "scenarios" in line


def test_a_folder_that_is_not_there_is_no_content(tmp_path):
    (line,) = [str(fault) for fault in check(tmp_path / "none")]
    assert "none" in line


def test_a_file_that_is_no_utf_8_is_found(content):
    (content / SLOW_PAY / "en.md").write_bytes(b"# \xff")
    assert the_line(content).startswith(f"content/{SLOW_PAY}/en.md: ")


def test_broken_toml_is_found_with_its_line(content):
    path = content / SLOW_PAY / "scenario.toml"
    path.write_text('id = "slow-pay"\nnumber = \n', "utf-8")
    assert re.match(rf"content/{SLOW_PAY}/scenario\.toml:2: ", the_line(content))


def test_a_sample_that_is_no_json_is_found_with_its_line(content):
    (content / "sample" / "ko.json").write_text('{\n"schema": \n}', "utf-8")
    assert the_line(content).startswith("content/sample/ko.json:3: no valid JSON: ")


# scenario.toml


def scenario_line(content, old, new, where=SLOW_PAY):
    change(content / where / "scenario.toml", old, new)
    found = [line for line in lines(content) if f"{where}/scenario.toml" in line]
    assert found
    return found


def test_an_unknown_key_is_found(content):
    (line,) = scenario_line(content, "expires = true", "expires = true\nexpire = true")
    assert line.endswith("scenario.toml: unknown key 'expire' @ $")


def test_a_name_that_a_reason_cannot_be_found_by_is_found(content):
    found = scenario_line(content, 'id = "slow-pay"', 'id = "slow.pay"')
    assert any("'slow.pay' should have" in line and line.endswith("@ $.id") for line in found)


def test_a_signal_that_would_hide_a_key_of_every_record_is_found(content):
    found = scenario_line(content, "[signals.late]", "[signals.how]")
    assert any(line.endswith("@ $.signals.how") and "every record" in line for line in found)


def test_an_unknown_key_of_a_rule_is_found(content):
    (line,) = scenario_line(
        content, 'whole = "invoices"\nlevel', 'whole = "invoices"\nodd = 1\nlevel'
    )
    assert "unknown key 'odd' @ $.rules[0]" in line


def test_a_missing_key_is_found(content):
    (line,) = scenario_line(content, 'tier = "pattern"\n', "")
    assert "missing key 'tier'" in line


def test_an_unknown_tier_is_found(content):
    (line,) = scenario_line(content, 'tier = "pattern"', 'tier = "petty"')
    assert line.endswith("@ $.tier")


def test_a_wrong_type_is_found(content):
    (line,) = scenario_line(content, "number = 5", 'number = "5"')
    assert line.endswith("@ $.number")


def test_a_boolean_for_a_number_is_found(content):
    (line,) = scenario_line(content, "number = 5", "number = true")
    assert line.endswith("@ $.number")


def test_an_unknown_rule_kind_is_found(content):
    (line,) = scenario_line(content, 'kind = "established-share"', 'kind = "gut-feeling"')
    assert "established-share" in line
    assert "@ $.rules[0]" in line


def test_an_unknown_level_is_found(content):
    (line,) = scenario_line(content, 'level = "weigh"', 'level = "ponder"')
    assert "weigh" in line
    assert "@ $.rules[0].level" in line


def test_a_signal_that_the_rule_does_not_know_is_found(content):
    (line,) = scenario_line(content, "[bar.share]", '[signals.mood]\ntype = "flag"\n\n[bar.share]')
    assert line.endswith("@ $.signals.mood")


def test_a_signal_that_the_scenario_does_not_have_is_found(content):
    found = scenario_line(content, 'signal = "late"', 'signal = "lateness"')
    assert any("'lateness'" in line and "@ $.rules[0]" in line for line in found)


def test_a_bar_item_that_the_scenario_does_not_have_is_found(content):
    found = scenario_line(content, '[bar.minimum]\ntype = "count"\nminimum = 1\ndefault = 3\n', "")
    assert any("'minimum'" in line and "@ $.rules[0]" in line for line in found)


def test_a_constraint_on_an_unknown_signal_is_found(content):
    (line,) = scenario_line(content, 'part = "late"', 'part = "lateness"')
    assert "'lateness'" in line
    assert line.endswith("@ $.constraints[0]")


def test_a_preset_outside_the_limits_is_found(content):
    (line,) = scenario_line(content, "grace_days = 10", "grace_days = -10")
    assert "@ $.presets.agency.grace_days" in line


def test_a_default_outside_the_limits_is_found(content):
    (line,) = scenario_line(content, "default = 0.5", "default = 5")
    assert "@ $.bar.share.default" in line


def test_an_answer_of_the_sweep_that_is_none_is_found(content):
    (line,) = scenario_line(content, "yes = { late = 1 }", 'yes = { late = "often" }')
    assert "@ $.sweep.yes" in line


def test_a_detail_of_an_unknown_signal_is_found(content):
    found = scenario_line(
        content, '[[sweep.details]]\nsignal = "late"', '[[sweep.details]]\nsignal = "lates"'
    )
    assert any("'lates'" in line and "@ $.sweep" in line for line in found)


def test_a_choice_without_a_level_for_an_option_is_found(content):
    (line,) = scenario_line(
        content,
        'levels = { yes = "fire", suspected = "warn", no = "clear" }',
        'levels = { yes = "fire", no = "clear" }',
        where="scenarios/10-legal-risk",
    )
    assert "suspected" in line


def test_a_fire_without_its_place_in_the_firing_order_is_found(content):
    (line,) = scenario_line(content, "urgency = 4\n", "", where="scenarios/03-lies")
    assert line.endswith("@ $.urgency")


def test_a_duplicate_id_is_found(content):
    found = scenario_line(content, 'id = "slow-pay"', 'id = "lies"')
    assert any("duplicate id 'lies'" in line and line.endswith("@ $.id") for line in found)


def test_a_duplicate_number_is_found(content):
    found = scenario_line(content, "number = 5", "number = 4")
    assert any("duplicate number 4" in line and line.endswith("@ $.number") for line in found)


def test_a_folder_with_another_name_than_the_scenario_is_found(content):
    (content / SLOW_PAY).rename(content / "scenarios" / "05-slow-payers")
    assert "05-slow-pay'" in the_line(content)


# prose


def test_a_missing_section_is_found(content):
    change(content / SLOW_PAY / "en.md", "## Recap\n", "")
    assert the_line(content) == f"content/{SLOW_PAY}/en.md: missing section '## Recap'"


def test_an_empty_section_is_found(content):
    path = content / SLOW_PAY / "en.md"
    path.write_text(path.read_text("utf-8").partition("## Recap")[0] + "## Recap\n", "utf-8")
    assert "## Recap" in the_line(content)


def test_an_unknown_section_is_found_with_its_line(content):
    change(content / SLOW_PAY / "en.md", "## A story", "## Some story")
    found = lines(content)
    assert any(re.match(rf"content/{SLOW_PAY}/en\.md:7: .*'Some story'", line) for line in found)


def test_a_doubled_section_is_found(content):
    change(content / SLOW_PAY / "en.md", "## A story", "## The situation")
    assert any("twice" in line for line in lines(content))


def test_sections_in_another_order_are_found(content):
    path = content / SLOW_PAY / "en.md"
    head, story, rest = re.split(
        r"(?=^## A story)|(?=^## Why it)", path.read_text("utf-8"), flags=re.MULTILINE
    )
    cost, tail = re.split(r"(?=^## Where the line)", rest, flags=re.MULTILINE)
    path.write_text(head + cost + story + tail, "utf-8")
    assert "order" in the_line(content)


def test_your_own_side_in_a_safety_scenario_is_found(content):
    path = content / "scenarios/01-physical-abuse/en.md"
    change(path, "## Your safety first", "## Your own side")
    found = lines(content)
    assert any("'## Your own side' does not belong" in line for line in found)
    assert any("missing section '## Your safety first'" in line for line in found)


def test_a_missing_title_is_found(content):
    change(content / SLOW_PAY / "ko.md", "# ", "")
    assert any("ko.md" in line for line in lines(content))


# words


def words_line(content, old, new, language="en", where=SLOW_PAY):
    change(content / where / f"{language}.toml", old, new)
    line = the_line(content)
    assert line.startswith(f"content/{where}/{language}.toml: ")
    return line


def test_an_unknown_key_of_words_is_found(content):
    assert words_line(content, 'title = "', 'titel = "x"\ntitle = "').endswith(
        "unknown key 'titel' @ $"
    )


def test_a_missing_reason_is_found(content):
    line = words_line(content, 'none = "No invoice paid late."\n', "")
    assert line.endswith("missing text @ $.reasons.late.none")


def test_a_reason_that_no_rule_gives_is_found(content):
    line = words_line(content, "[reasons.late]\n", '[reasons.late]\nperhaps = "Perhaps."\n')
    assert line.endswith("@ $.reasons.late.perhaps")


def test_a_reason_missing_in_one_language_is_found(content):
    line = words_line(content, 'none = "늦게 들어온 대금이 없어요."\n', "", language="ko")
    assert line.endswith("@ $.reasons.late.none")


def test_missing_words_of_a_signal_are_found(content):
    old = '[signals.late]\nlabel = "Invoices paid late"\nshort = "late"\n'
    assert words_line(content, old, "").endswith("@ $.signals.late")


def test_a_missing_next_step_is_found(content):
    path = content / SLOW_PAY / "en.toml"
    path.write_text(
        re.sub(r"^weigh = .*\n", "", path.read_text("utf-8"), flags=re.MULTILINE), "utf-8"
    )
    assert the_line(content).endswith("@ $.next.weigh")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_an_unknown_placeholder_of_a_reason_is_found(content, language):
    line = words_line(content, "{bar_minimum}", "{bar_minimal}", language)
    assert "{bar_minimal}" in line
    assert line.endswith("@ $.reasons.late.too-few")


@pytest.mark.parametrize("key", ["question", "hint"])
def test_an_unknown_placeholder_of_the_sweep_is_found(content, key):
    line = words_line(content, f'\n{key} = "', f'\n{key} = "{{moons}} ', where=LIES)
    assert "{moons}" in line
    assert line.endswith(f"@ $.{key}")


@pytest.mark.parametrize("broken", ["{late", "late}", "{", "{}", "{late:shares}"])
def test_a_broken_placeholder_is_found(content, broken):
    line = words_line(content, 'none = "No invoice', f'none = "{broken} No invoice')
    assert line.endswith("@ $.reasons.late.none")


def test_a_plural_without_its_general_form_is_found(content):
    path = content / SLOW_PAY / "en.toml"
    text = path.read_text("utf-8")
    path.write_text(re.sub(r'(part-only = \{.*), other = ".*" \}', r"\1 }", text), "utf-8")
    line = the_line(content)
    assert "'other'" in line
    assert "part-only" in line.partition(" @ ")[2]


# catalogues


def test_a_text_missing_in_one_catalogue_is_found(content):
    change(content / "ui" / "ko.toml", 'half = "절반"\n', "")
    assert the_line(content) == "content/ui/ko.toml: missing text @ $.fractions.half"


def test_a_text_in_one_catalogue_only_is_found(content):
    change(content / "ui" / "ko.toml", 'half = "절반"\n', 'half = "절반"\nnone = "없음"\n')
    assert the_line(content) == "content/ui/ko.toml: nothing asks for this text @ $.fractions.none"


@pytest.mark.parametrize("table", ["cards", "page"])
def test_a_missing_table_is_one_line(content, table):
    path = content / "ui" / "ko.toml"
    text = re.sub(
        rf"^\[{table}[].](?s:.*?)(?=^\[(?!{table}))",
        "",
        path.read_text("utf-8"),
        flags=re.MULTILINE,
    )
    path.write_text(text, "utf-8")
    assert the_line(content) == f"content/ui/ko.toml: missing table @ $.{table}"


def test_a_table_that_every_language_lacks_is_missing_in_each(content):
    for language in ("en", "ko"):
        path = content / "ui" / f"{language}.toml"
        text = re.sub(r"^\[days\](?s:.*?)(?=^\[)", "", path.read_text("utf-8"), flags=re.MULTILINE)
        path.write_text(text, "utf-8")
    found = [f"content/ui/{language}.toml: missing table @ $.days" for language in ("en", "ko")]
    assert lines(content) == found


def test_a_text_that_nothing_asks_for_is_found(content):
    for language in ("en", "ko"):
        change(content / "ui" / f"{language}.toml", "[days]\n", '[days]\nspare = "x"\n')
    found = [
        f"content/ui/{language}.toml: nothing asks for this text @ $.days.spare"
        for language in ("en", "ko")
    ]
    assert lines(content) == found


def test_a_trade_of_ones_own_may_have_its_name(content):
    for language in ("en", "ko"):
        change(content / "ui" / f"{language}.toml", "[presets]\n", '[presets]\nbakery = "x"\n')
    assert lines(content) == []


def test_a_figure_that_one_language_leaves_out_is_found(content):
    change(content / "ui" / "ko.toml", "{file} 내용이", "내용이")
    line = the_line(content)
    assert "{file} is missing: it is in 'en'" in line
    assert line.endswith("@ $.keeping.taken_over")


def test_a_figure_that_one_language_adds_is_found(content):
    change(content / "ui" / "ko.toml", 'done = "완료"', 'done = "완료 {when}"')
    assert "{when} is not in 'en' @ $.shell.done" in the_line(content)


def test_a_broken_brace_in_a_catalogue_is_found(content):
    change(content / "ui" / "ko.toml", 'done = "완료"', 'done = "완료 {"')
    assert the_line(content).endswith("@ $.shell.done")


def test_a_plural_form_that_the_language_needs_is_missed(content):
    change(content / "ui" / "en.toml", 'count = { one = "{count} client", ', "count = { ")
    assert "missing plural form 'one' @ $.clients.count" in the_line(content)


def test_a_plural_form_that_the_language_does_not_have_is_found(content):
    change(content / "ui" / "ko.toml", "{ other = ", '{ few = "몇 곳", other = ')
    assert "'ko' has no plural form 'few'" in the_line(content)


def test_a_catalogue_that_is_no_toml_is_found(content):
    path = content / "ui" / "ko.toml"
    path.write_text(path.read_text("utf-8") + "\n[oops\n", "utf-8")
    assert any(re.match(r"content/ui/ko\.toml:\d+: ", line) for line in lines(content))


# contacts


def test_a_contact_without_its_source_is_found(content):
    change(content / "contacts.toml", 'source = "', 'origin = "')
    assert any(
        line.startswith("content/contacts.toml: ") and "'source'" in line for line in lines(content)
    )


def test_a_contact_that_was_checked_on_no_day_is_found(content):
    change(content / "contacts.toml", 'checked = "2026-11-23"', 'checked = "last week"')
    assert "'last week' @ $.countries[0].contacts[0].checked" in the_line(content)


# all at once


def test_every_fault_is_reported_at_once(content):
    (content / "scenarios/07-changes-mind/ko.md").unlink()
    change(content / SLOW_PAY / "scenario.toml", "expires = true", "expires = 1\nodd = 1")
    change(content / "scenarios/03-lies/en.md", "## Recap\n", "")
    change(content / "scenarios/03-lies/scenario.toml", "[signals.suspected]", "[signals.mood]")
    change(content / "ui" / "ko.toml", 'half = "절반"\n', "")
    change(content / "contacts.toml", 'source = "', 'origin = "')
    found = lines(content)
    for start, part in [
        ("content/scenarios/03-lies/en.md", "## Recap"),
        ("content/scenarios/03-lies/scenario.toml", "'suspected'"),
        ("content/scenarios/03-lies/scenario.toml", "$.signals.mood"),
        ("content/scenarios/07-changes-mind/ko.md", "missing"),
        ("content/scenarios/05-slow-pay/scenario.toml", "$.expires"),
        ("content/scenarios/05-slow-pay/scenario.toml", "'odd'"),
        ("content/ui/ko.toml", "$.fractions.half"),
        ("content/contacts.toml", "'source'"),
    ]:
        assert any(line.startswith(start) and part in line for line in found), (start, part)


def test_a_faulty_scenario_does_not_hide_faults_in_its_other_files(content):
    change(content / SLOW_PAY / "scenario.toml", "expires = true", "expires = 1")
    (content / SLOW_PAY / "ko.md").unlink()
    found = lines(content)
    assert any(line.startswith(f"content/{SLOW_PAY}/scenario.toml: ") for line in found)
    assert any(line.startswith(f"content/{SLOW_PAY}/ko.md: ") for line in found)


# finding it


def test_an_explicit_folder_wins(content, monkeypatch):
    monkeypatch.setenv("CLIENT_TRIAGE_CONTENT", "/elsewhere")
    assert load_content(content).folder == content


def test_the_environment_wins_over_the_shipped_folder(content, monkeypatch):
    monkeypatch.setenv("CLIENT_TRIAGE_CONTENT", str(content))
    assert load_content().folder == content


def test_using_a_faulty_scenario_names_the_fault(content):
    change(content / SLOW_PAY / "scenario.toml", "number = 5", "number = -1.5")
    with pytest.raises(FaultyFileError, match=r"scenario\.toml: .* @ \$\.number"):
        _ = load_content(content).scenarios


def test_an_eleventh_scenario_needs_no_python(content):
    new = shutil.copytree(content / SLOW_PAY, content / "scenarios" / "11-slow-answers")
    change(new / "scenario.toml", 'id = "slow-pay"\nnumber = 5', 'id = "slow-answers"\nnumber = 11')
    assert lines(content) == []
    assert load_content(content).scenarios[10].id == "slow-answers"


def test_a_third_language_is_asked_for_everywhere(content):
    shutil.copy(content / "ui" / "en.toml", content / "ui" / "de.toml")
    found = lines(content)
    assert len(found) >= 20
    assert all("/de." in line or line.endswith(".de") for line in found)


def test_a_third_language_is_asked_for_in_the_contacts_and_the_sample(content):
    shutil.copy(content / "ui" / "en.toml", content / "ui" / "de.toml")
    found = lines(content)
    assert "content/contacts.toml: missing text @ $.elsewhere.hint.de" in found
    assert "content/sample/de.json: the file is missing" in found
