"""Text in a few lines: broken where its language allows it, and elsewhere only if it must be."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetrics

from backprop_studio.gui.toolkit.cut_text import NO_SPACE, cut


def test_chinese_is_broken_by_its_own_rules_and_a_path_anywhere(qapp):
    font = QFont()
    metrics = QFontMetrics(font)
    title = "学习率：太小、合适、太大"
    width = metrics.horizontalAdvance(title) // 2
    assert cut(font, title, width, 3) == title
    path = "/home/lecturer/a_folder_with_a_long_name/week_1_slopes.toml"
    shown = cut(font, f"无法写入{path}。", metrics.horizontalAdvance(path) // 2, 4)
    assert shown.replace(NO_SPACE, "") == f"无法写入{path}。"
    assert shown.startswith("无法写入/" + NO_SPACE)
