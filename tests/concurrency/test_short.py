"""The connection that short transactions keep between them."""


def test_it_is_kept_and_given_up_when_it_should(play):
    assert play("kept") == {
        "same": True,
        "inside": True,
        "failed": False,
        "after_a_cut": True,
    }


def test_a_cut_in_the_middle_of_a_sale_sells_once(play):
    assert play("cut_at_work") == {"runs": 2, "sales": 1}


def test_threads_do_not_share_it(play):
    assert play("threads") == {"clashes": 0, "errors": []}
