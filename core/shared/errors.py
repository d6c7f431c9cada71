"""What goes wrong for a user, in words."""


class UserError(Exception):
    """The message says in a sentence what is wrong, and how to cure it. It is shown without a traceback.

    code: the exit code; 2 where the command line itself is at fault, as in argparse.
    """

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code
