"""When things run, and what Prefect shows of it. The only package that imports prefect."""
