"""The worker's entry point; OBS's side runs `python -I core/worker EXCHANGE PROTOCOL_VERSION LANGUAGE`.

Control messages arrive on standard input and leave on standard output; whatever libraries print goes to the log instead.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

log = logging.getLogger("worker")


def main() -> None:
    out = os.dup(1)
    os.dup2(2, 1)  # a library that prints cannot break the protocol
    if sys.platform == "win32":
        import msvcrt
        msvcrt.setmode(out, os.O_BINARY)
        msvcrt.setmode(0, os.O_BINARY)
    # -I leaves the script's folder out of the path; the project's root is what imports start from.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from core import __version__
    from core.link import protocol, start
    from core.link.ends import WorkerEnd
    from core.link.frames import ExchangeError
    from core.shared import texts
    from core.worker import logs
    from core.worker.control import Control
    from core.worker.obs_pictures import ObsPictures

    logs.start()
    log.info("OBS Avatar %s", __version__)
    told = start.told(sys.argv[1:])
    texts.use(told.language)
    if told.version != str(protocol.VERSION):
        log.error("The script in OBS and the worker are of different versions: restart OBS.")
        sys.exit(protocol.OTHER_VERSION_EXIT)
    # First of all, so that the process ends with OBS even while it is still importing.
    link, obs_pictures = WorkerEnd(0, out), ObsPictures()
    control = Control(link, obs_pictures)
    try:
        link.attach(told.exchange)
    except ExchangeError as error:
        log.error("%s", error)
        sys.exit(1)
    link.send("ready")

    from core.worker import devices, memory
    from core.worker.live import Live
    devices.report_to(link)
    memory.watch()
    try:
        Live(control, link, obs_pictures).run()
    except BrokenPipeError:
        log.info("OBS has closed the connection; the worker exits")
    except Exception:
        log.exception("the worker has failed")
        os._exit(1)


if __name__ == "__main__":
    main()
