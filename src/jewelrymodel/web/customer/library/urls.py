"""Addresses of the library."""

from django.urls import path

from jewelrymodel.web.customer.library import (
    deletion,
    downloads,
    listing,
    pieces,
    selection,
    views,
)

urlpatterns = [
    path("library", pieces.library, name="library"),
    path("library/pieces", selection.selection, name="library_selection"),
    path("library/pieces/<str:piece_id>", pieces.piece, name="piece"),
    path("library/pieces/<str:piece_id>/describe", pieces.describe, name="piece_describe"),
    path("library/pieces/<str:piece_id>/listing", listing.listing, name="piece_listing"),
    path(
        "library/pieces/<str:piece_id>/listing/texts",
        listing.save_texts,
        name="piece_listing_texts",
    ),
    path(
        "library/pieces/<str:piece_id>/listing/archive",
        listing.archive,
        name="piece_listing_archive",
    ),
    path("library/pieces/<str:piece_id>/photos", pieces.add_photo, name="piece_add_photo"),
    path(
        "library/collections/<str:collection_id>", selection.collection, name="library_collection"
    ),
    path("library/delete", deletion.delete, name="library_delete"),
    path("library/undo", deletion.undo, name="library_undo"),
    path("library/deleted", deletion.deleted, name="library_deleted"),
    path("library/images", views.images, name="library_images"),
    path("library/photos", views.photos, name="library_photos"),
    path("library/photos/<str:photo_id>/view", pieces.name_view, name="photo_name_view"),
    path("library/download", downloads.batch, name="library_batch"),
    path("library/files/<path:token>", downloads.file, name="library_file"),
    path("library/images/<str:asset_id>", views.asset, name="asset"),
    path("library/images/<str:asset_id>/picture", views.picture, name="asset_picture"),
    path("library/images/<str:asset_id>/small", views.small, name="asset_small"),
    path("library/images/<str:asset_id>/full", downloads.full, name="asset_full"),
    path("library/images/<str:asset_id>/favorite", views.favorite, name="asset_favorite"),
    path("library/images/<str:asset_id>/download", downloads.download, name="asset_download"),
]
