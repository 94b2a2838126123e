from . import tibillet_act_write_off
