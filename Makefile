.PHONY: run test lint browser bench
run:      ; streamlit run app.py
test:     ; pytest --ignore tests/browser
browser:  ; pytest tests/browser
lint:     ; ruff check . && ruff format --check . && mypy
bench:    ; python -m gan_core bench throughput && python tests/benchmark/live.py updates && python tests/benchmark/watched.py
