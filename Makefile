.PHONY: run test lint browser bench
run:      ; streamlit run app.py
test:     ; pytest -m "not browser and not benchmark and not gpu and not network and not slow"
browser:  ; pytest -m browser
lint:     ; ruff check . && ruff format --check .
bench:    ; python -m gan_core bench throughput && python tests/benchmark/live.py updates && python tests/benchmark/watched.py
