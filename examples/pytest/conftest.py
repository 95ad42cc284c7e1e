from rollcall_stand_in import authentik, stand_in  # noqa: F401
