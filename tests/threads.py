"""Several things at the very same moment, each in a thread and with a connection of its own."""

import threading

from django.db import connections


def at_once(*functions) -> list:
    """Run each in a thread of its own, all at the same moment; what each returned or raised."""
    results: list = [None] * len(functions)
    gate = threading.Barrier(len(functions))

    def run(index, function):
        try:
            gate.wait()
            results[index] = function()
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class Meanwhile:
    """For `connection.execute_wrapper`: runs `act` in a thread of its own in the midst of another.

    It begins after the `number`th query whose SQL holds `after`, and gets half a second there.
    Whoever waits for a lock of the other comes to its end in `end`.
    """

    def __init__(self, act, *, after: str, number: int = 1):
        self.act, self.after, self.number, self.result = act, after, number, None
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        try:
            self.result = self.act()
        except Exception as error:
            self.result = error
        finally:
            connections.close_all()

    def __call__(self, execute, sql, *args):
        rows = execute(sql, *args)
        if self.after in sql and self.thread.ident is None:
            self.number -= 1
            if not self.number:
                self.thread.start()
                self.thread.join(timeout=0.5)
        return rows

    def end(self):
        """What the act returned or raised, once it has ended."""
        assert self.thread.ident, "it never began"
        self.thread.join()
        return self.result
