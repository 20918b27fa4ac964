"""What people see and touch: one widget a module, its script and style under ``static/``."""
