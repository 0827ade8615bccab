"""Addresses under /credits."""

from django.urls import path

from jewelrymodel.web.customer.credits import views

urlpatterns = [path("credits", views.index, name="credits")]
