"""What gunicorn reads wherever it is started here: nobody but us says where the site is mounted."""

# By default a SCRIPT_NAME header that a proxy of this machine lets through moves every address.
forwarder_headers = ""
