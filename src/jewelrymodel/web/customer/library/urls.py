"""Addresses of the library."""

from django.urls import path

from jewelrymodel.web.customer.library import downloads, views

urlpatterns = [
    path("library", views.library, name="library"),
    path("library/photos", views.photos, name="library_photos"),
    path("library/download", downloads.batch, name="library_batch"),
    path("library/files/<path:token>", downloads.file, name="library_file"),
    path("library/images/<str:asset_id>", views.asset, name="asset"),
    path("library/images/<str:asset_id>/picture", views.picture, name="asset_picture"),
    path("library/images/<str:asset_id>/full", downloads.full, name="asset_full"),
    path("library/images/<str:asset_id>/favorite", views.favorite, name="asset_favorite"),
    path("library/images/<str:asset_id>/download", downloads.download, name="asset_download"),
]
