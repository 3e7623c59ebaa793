"""Pages in scripts without capitals, and headings in other languages."""

import pytest

from screenplay.elements import Action, Character, Dialogue, Parenthetical, SceneHeading
from screenplay.readers import layout

HEBREW = """\
פנים. מטבח - לילה

הקומקום צורח. אף אחד לא זז.

                    מרתה
          תכבה את זה.

                    יוסף
               (בשקט)
          תכבי בעצמך. אני עומד כאן
          מאז הצהריים.

היא יושבת ומביטה בגשם.

                    מרתה
          אז שיצרח.

חוץ. רחוב - יום

מכונית עוצרת.
"""
ARABIC = """\
داخلي - مطبخ - ليل

الإبريق يصرخ. لا أحد يتحرك.

                    مارتا
          أطفئه.

                    يوسف
               (بهدوء)
          أطفئيه بنفسك. أنا واقف هنا
          منذ الظهر.

تجلس وتنظر إلى المطر.

                    مارتا
          فليصرخ إذن.

خارجي - شارع - نهار

تتوقف سيارة.
"""
CHINESE = """\
内景 厨房 夜

水壶在尖叫。没有人动。

                    玛塔
          把它关掉。

                    约瑟夫
               （平静地）
          你自己关。我从中午起就一直
          站在这里。

她坐下来，看着窗外的雨。

                    玛塔
          那就让它叫吧。

外景 街道 日

一辆车停下来。
"""
KINDS = [
    "scene_heading", "action", "character", "dialogue", "character", "parenthetical", "dialogue", "action", "character",
    "dialogue", "scene_heading", "action",
]  # fmt: skip


@pytest.mark.parametrize("page", [HEBREW, ARABIC, CHINESE], ids=["hebrew", "arabic", "chinese"])
def test_letters_without_capitals(page: str) -> None:
    assert [element.kind for element in layout.read(page).elements] == KINDS


def test_lines_join_as_the_script_joins_words() -> None:
    assert layout.read(HEBREW).elements[6] == Dialogue(text="תכבי בעצמך. אני עומד כאן מאז הצהריים.")
    assert layout.read(CHINESE).elements[5:7] == (
        Parenthetical(text="平静地"),
        Dialogue(text="你自己关。我从中午起就一直站在这里。"),
    )


JAPANESE = """\
○　喫茶店・中（夜）

　　雨が窓を打つ。客は二人だけ。

マルタ「もう消して」
ヨゼフ「自分で消せよ。昼からずっとここに立ってるんだ」
マルタ「じゃあ、鳴らしておけばいい」
ヨゼフ「そうする」
マルタ「そう」
"""


def test_speech_between_corner_brackets() -> None:
    assert layout.read(JAPANESE).elements[-4:] == (
        Character(name="ヨゼフ"),
        Dialogue(text="そうする"),
        Character(name="マルタ"),
        Dialogue(text="そう"),
    )


@pytest.mark.parametrize(
    "heading",
    [
        "MANOIR DU MEXICAIN - UN SALON - INTÉRIEUR JOUR",
        "INNEN. KÜCHE - TAG",
        "ИНТ. КВАРТИРА МАШИ – СТОЛОВАЯ – ДЕНЬ",
        "BOWLING ALLEY - INT. - NIGHT",
        "INT. Home - Evening",
        "2-B  INT. A FIFTH PLACE - DAY  2-B",
        "TNT. CABIN - DAY",
    ],
)
def test_headings_of_other_forms(heading: str) -> None:
    page = f"INT. BAR - NIGHT\n\nRain on the window.\n\n{heading}\n\nHe waits for a long time, and then he goes.\n"
    elements = layout.read(page).elements
    assert [element.kind for element in elements] == ["scene_heading", "action", "scene_heading", "action"]
    assert isinstance(elements[2], SceneHeading)
    assert elements[2].number == ("2-B" if heading[0] == "2" else None)
    assert elements[3] == Action(text="He waits for a long time, and then he goes.")
