from . import tibillet_books
