.PHONY: run test thorough lint format browser bench docs lock audit
run:      ; streamlit run app.py
test:     ; pytest --ignore tests/browser
thorough: ; pytest -m thorough
browser:  ; pytest tests/browser
lint:     ; ruff check . && ruff format --check . && mypy && python tools/check_javascript.py
# The JavaScript as its formatter writes it; needs Node (CONTRIBUTING).
format:   ; npm ci --ignore-scripts && npm run format
bench:    ; python -m gan_core bench throughput && python tests/benchmark/live.py updates && python tests/benchmark/watched.py
# The documentation at http://127.0.0.1:8000; needs `pip install -r docs/requirements.txt`.
docs:     ; NO_MKDOCS_2_WARNING=1 mkdocs serve --strict

# Exact versions with hashes, for Python 3.11 to 3.13 and every system: `pip install --require-hashes -r locks/NAME.txt`.
# `make lock` takes the newest that the lists allow; it needs uv (`pip install uv`).
LOCK = uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
  --no-emit-index-url --custom-compile-command "make lock"
lock:
	$(LOCK) requirements.txt -o locks/plain.txt
	$(LOCK) requirements-cpu.txt -o locks/cpu.txt
	$(LOCK) requirements-dev.txt -o locks/dev.txt
	$(LOCK) docs/requirements.txt -o locks/docs.txt
	$(LOCK) pyproject.toml --extra gpu -o locks/gpu.txt
# Known holes in them; needs pip-audit and the internet, and says so where either is missing.
audit:    ; python tools/audit.py
