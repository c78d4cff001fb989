PYTHON = python3

.PHONY: help test check demo lock

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

test: ## Style, types and all tests
	$(PYTHON) -m rankings test

check: ## The same with every crash point and every page
	$(PYTHON) -m rankings test --full

demo: ## Three invented associations, to click through
	$(PYTHON) -m rankings demo

LOCK = uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

lock: ## Write the locked requirements anew (needs uv)
	$(LOCK) --output-file requirements.txt
	$(LOCK) --output-file requirements-test.txt --extra test --constraint requirements.txt
