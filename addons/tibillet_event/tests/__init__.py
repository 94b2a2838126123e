from . import test_groups, test_roles
