"""The books beside Odoo's own documents, on a database of their own."""
