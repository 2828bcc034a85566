"""What has arrived: a folder, or an export as it was downloaded, sorted into students and their submissions.

Every file is found first, those in archives by a confined worker; then `grader.layouts` says whose each is; then, for each
student and assignment, one is chosen. Nobody is lost: who handed in nothing that can be graded appears with what to do, and
what was not read is told to its owner.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader import gradescope, layouts, manifest
from grader.archives import EXPORT, FOREIGN, MAX_FILE, MAX_INNER, ONE, Archive, Member, Reader, Refused, ignored, is_archive, shown, stem
from grader.course import Assignment
from grader.errors import UsageError
from grader.layouts import METADATA, Owner, Surroundings
from grader.roster import Roster
from grader.submission import MAX_COMPANIONS, MAX_SOURCE, SUFFIXES, Submission, choose, content_of
from grader.text import Text, text
