import platform

print(f"<p>Python {platform.python_version_tuple()[0]} is up.</p>")
