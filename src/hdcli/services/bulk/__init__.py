"""Tickets by the thousand: from files of requests or of whole tickets, and out again."""
