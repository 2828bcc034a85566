#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image: Python 3.11 or later, and the grader in /opt/grader.
set -euo pipefail
source=$(cd "$(dirname "$0")" && pwd)
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends python3 python3-venv
python=python3
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then  # Ubuntu 22.04
    apt-get install -y --no-install-recommends python3.11 python3.11-venv
    python=python3.11
fi
"$python" -m venv /opt/grader
/opt/grader/bin/pip install --quiet --extra-index-url https://download.pytorch.org/whl/cpu -c "$source/course/constraints.txt" "$source/course"
chmod -R go-rwx "$source"  # students' code runs as another user
