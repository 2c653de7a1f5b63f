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
