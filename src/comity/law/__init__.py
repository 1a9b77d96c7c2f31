"""Law: load the law base, say who is bound when, resolve a question, explain the answer."""

from __future__ import annotations

from comity.law.base import LawBase
from comity.law.model import Authority
from comity.law.question import Question
from comity.law.resolution import Basis, Resolution
from comity.law.resolve import resolve

__all__ = ["Authority", "Basis", "LawBase", "Question", "Resolution", "resolve"]
