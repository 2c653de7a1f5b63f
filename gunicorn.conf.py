"""What gunicorn reads wherever it is started here: how many answer, and who says where we are."""

# For two cores. A process runs one thread at a time, and each thread has its own connection to the
# database: more of them answer no sooner when two hundred people press a button at once.
workers = 2
threads = 4
# By default a SCRIPT_NAME header that a proxy of this machine lets through moves every address.
forwarder_headers = ""
