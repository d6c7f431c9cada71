"""The errors that a user is told about in words."""


class UserError(Exception):
    """An error whose message says what is wrong and how to fix it. It is shown without a traceback.

    `code` is the exit code: 2 for a mistake on the command line, as in argparse.
    """

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code
