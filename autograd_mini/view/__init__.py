"""Seeing: pictures of the graph, on which the chain rule can be read off every arrow."""
