"""Decides which avatar is on air: the one that the settings want, the one before until that is prepared, or a stand-in."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from ..animation.animator import Animator
from ..shared.settings import BUILT_IN_ENGINE, DEFAULTS, Settings
from ..shared.texts import text
from .avatar_files import AvatarFiles
from .loading import Loading, NoEngine, Refused

if TYPE_CHECKING:
    from .fetching import Fetching

log = logging.getLogger(__name__)


class OnAir:
    """The avatar on air: set what is wanted with `want`, and call `turn` in every round of the loop; nothing here waits.

    The built-in engine is ready within a second on every computer, so it stands in while another engine is prepared and when
    another does not run.
    """

    def __init__(self) -> None:
        self.animator: Animator | None = None
        """The animator that is on air; None before the first one, and if no avatar can be made from the picture."""
        self.refusal = ""
        """The reason why there is no avatar, as a sentence for the user; empty if there is one or one is being prepared."""
        self._files_note = ""
        """A sentence for the user about changes to the files of the avatar that is on air; empty if there is nothing to say."""
        self._engine_error = ""
        self._settings = DEFAULTS
        self._loading: Loading | None = None
        self._then: Settings | None = None
        """The settings that are loaded once their stand-in is on air; None if there is no stand-in."""
        self._files: AvatarFiles | None = None
        self._fetching: Fetching | None = None

    @property
    def note(self) -> str:
        """What the user should know about the engine and the avatar; empty if all is well."""
        if self.animator is None:
            return ""
        notes = (self._stands_in(), self.animator.engine_note, self._files_note or self.animator.note)
        return " ".join(filter(None, notes))

    def want(self, settings: Settings, anew: bool) -> None:
        """Use these settings from now on. `anew` says that they require a different avatar or engine."""
        self._settings = settings
        if anew:
            self._load()
        if self.animator is not None:
            self.animator.settings = settings

    def fetch(self) -> None:
        """Start to download the neural engine's weights, because the user asked for it."""
        if self._fetching is None:
            from .fetching import Fetching  # here: a worker that fetches nothing needs no network library
            self._fetching = Fetching()

    def engine_failed(self, sentence: str) -> None:
        """Replace an engine whose device has failed with the built-in one; the note then gives `sentence` as the reason."""
        log.warning("the engine failed; the built-in one takes its place")
        self.animator = self._then = None
        self._loading = Loading(replace(self._settings, engine=BUILT_IN_ENGINE))
        self._engine_error = sentence

    def turn(self) -> bool:
        """Take over whatever has become ready; return whether the avatar on air, or the reason for having none, has
        changed."""
        before = self.animator, self.refusal
        self._take_loaded()
        self._look_at_files()
        self._take_fetched()
        return (self.animator, self.refusal) != before

    # ---- inside -----------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        wanted, there = self._settings, self.animator.made_of if self.animator is not None else None
        self._engine_error = self._files_note = ""
        self._files = AvatarFiles(wanted.avatar, wanted.avatar_file)
        is_there = there is not None and (there.engine, there.device) == (wanted.engine, wanted.device)
        if wanted.engine != BUILT_IN_ENGINE and not is_there:
            self._loading, self._then = Loading(replace(wanted, engine=BUILT_IN_ENGINE)), wanted
        else:
            self._loading, self._then = Loading(wanted), None

    def _take_loaded(self) -> None:
        if self._loading is None or self._loading.outcome is None:
            return
        loaded, self._loading = self._loading, None
        outcome = loaded.outcome
        if isinstance(outcome, NoEngine):
            self._engine_error = outcome.sentence
        elif isinstance(outcome, Refused):
            self._take_refusal(outcome, loaded.again)
        elif outcome is not None:
            self._put_on_air(outcome)
            if self._then is not None:
                self._loading, self._then = Loading(self._then), None

    def _take_refusal(self, refused: Refused, again: bool) -> None:
        if refused.unforeseen and self._files is not None:
            self._files.try_again()
        if again and self.animator is not None:
            self._files_note = text("Picture.KeptOnAir", reason=refused.sentence)
        else:
            self.animator, self.refusal = None, refused.sentence

    def _put_on_air(self, animator: Animator) -> None:
        animator.settings = self._settings
        if self.animator is not None:
            animator.adopt(self.animator)
        self.animator, self.refusal = animator, ""

    def _look_at_files(self) -> None:
        """Prepare the avatar again if its files have changed; what is on air stays until that is done."""
        if self._files is None or self._loading is not None or not self._files.changed():
            return
        if self._files.missing and self.animator is not None:
            self._files_note = text("Picture.Gone")
        else:
            self._files_note = ""
            self._loading = Loading(self._settings, again=True)

    def _take_fetched(self) -> None:
        if self._fetching is not None and self._fetching.done:
            fetched, self._fetching = self._fetching, None
            self._engine_error = "" if fetched.succeeded else fetched.sentence
            if fetched.succeeded and self._settings.engine != BUILT_IN_ENGINE:
                self._load()

    def _stands_in(self) -> str:
        """Return the reason why an engine other than the chosen one draws the picture; empty if the chosen one does."""
        if self.animator is None or self.animator.made_of.engine == self._settings.engine:
            return ""
        if self._fetching is not None:
            return text("Status.StandsIn", reason=self._fetching.sentence)
        return text("Status.StandsIn", reason=self._engine_error or text("Status.EngineComing"))
